import type * as pulumi from "@pulumi/pulumi";
import * as blnk from "../../provider";

/** A value that may be undefined, as from `config.get`. */
declare const maybe: string | undefined;
declare const later: pulumi.Output<string>;
declare const maybeLater: pulumi.Output<string | undefined>;
declare const ledger: blnk.Ledger;

/** Which arguments of a balance compile: `npm run typecheck` is the test, and this is never run. */
export function balances(): void {
    new blnk.Balance("whole", { ledger, currency: "USD", identity: maybe, metadata: { a: later, b: undefined } });
    new blnk.Balance("of values that come late", { ledger: ledger.id, currency: later, identity: maybeLater });
    new blnk.Balance("adopted", { adopt: "bln_1" });
    new blnk.Balance("adopted late", { adopt: later, ledger: undefined, currency: maybe });
    new blnk.Balance("perhaps adopted", { adopt: maybe, ledger, currency: "USD" });
    new blnk.Balance("perhaps adopted late", { adopt: maybeLater, ledger, currency: "USD" });

    // @ts-expect-error: no arguments.
    new blnk.Balance("empty", {});
    // @ts-expect-error: no ledger.
    new blnk.Balance("no ledger", { currency: "USD" });
    // @ts-expect-error: no currency.
    new blnk.Balance("no currency", { ledger });
    // @ts-expect-error: there may be no currency.
    new blnk.Balance("perhaps no currency", { ledger, currency: maybe });
    // @ts-expect-error: there may be no ledger.
    new blnk.Balance("perhaps no ledger", { ledger: maybeLater, currency: "USD" });
    // @ts-expect-error: there may be nothing to adopt.
    new blnk.Balance("perhaps not adopted", { adopt: maybe });
    // @ts-expect-error: there may be nothing to adopt.
    new blnk.Balance("perhaps not adopted late", { adopt: maybeLater, currency: "USD" });
    // @ts-expect-error: there is nothing to adopt.
    new blnk.Balance("not adopted", { adopt: undefined });
}

/** The same for a metadata tag. */
export function tags(): void {
    new blnk.MetadataTag("whole", { target: ledger, key: "k", value: { a: later, b: [undefined, null, 1, true] } });
    new blnk.MetadataTag("of values that come late", { target: ledger.id, key: later, value: later });
    new blnk.MetadataTag("adopted", { adopt: "ldg_1/k" });
    new blnk.MetadataTag("adopted late", { adopt: later, key: maybe, value: maybe });
    new blnk.MetadataTag("perhaps adopted", { adopt: maybe, target: "ldg_1", key: "k", value: 1 });

    // @ts-expect-error: no arguments.
    new blnk.MetadataTag("empty", {});
    // @ts-expect-error: no target.
    new blnk.MetadataTag("no target", { key: "k", value: 1 });
    // @ts-expect-error: no key.
    new blnk.MetadataTag("no key", { target: ledger, value: 1 });
    // @ts-expect-error: no value.
    new blnk.MetadataTag("no value", { target: ledger, key: "k" });
    // @ts-expect-error: there may be no value.
    new blnk.MetadataTag("perhaps no value", { target: ledger, key: "k", value: maybe });
    // @ts-expect-error: null counts as no value.
    new blnk.MetadataTag("null", { target: ledger, key: "k", value: null });
    // @ts-expect-error: there may be nothing to adopt.
    new blnk.MetadataTag("perhaps not adopted", { adopt: maybe, key: "k" });
}

/** The answer of a look-up fits every argument of its kind, also as a promise. */
export function adoptions(): void {
    const found = blnk.getBalance({ indicator: "@world", currency: "USD" });
    const customers = blnk.getLedger({ name: "Customers" });
    new blnk.Ledger("ledger", { adopt: customers.then((it) => it.id) });
    new blnk.Balance("balance", { adopt: found.then((it) => it.id) });
    new blnk.Balance("and more", {
        adopt: found.then((it) => it.id),
        adoptFrom: found.then((it) => it.id),
        ledger: found.then((it) => it.ledger),
        currency: found.then((it) => it.currency),
        identity: found.then((it) => it.identity),
        metadata: found.then((it) => ({ currency: it.currency })),
    });
    new blnk.Balance("made", { ledger: customers, currency: found.then((it) => it.currency) });
    new blnk.Balance("made in", { ledger: customers.then((it) => it.id), currency: found.then((it) => it.currency) });
    new blnk.MetadataTag("tag", { adopt: found.then((it) => `${it.id}/k`) });
    new blnk.MetadataTag("tagged", {
        target: found.then((it) => it.id),
        key: found.then((it) => it.currency),
        value: found.then((it) => it.currency),
    });
    new blnk.BalanceSet("set", {
        ledger: customers.then((it) => it.id),
        balances: {
            world: { adopt: found.then((it) => it.id) },
            own: { currency: found.then((it) => it.currency), adopt: found.then((it) => it.id) },
            made: { currency: found.then((it) => it.currency), identity: found.then((it) => it.identity) },
        },
    });
    new blnk.Provider("eu", { instanceId: customers.then((it) => it.id), owner: found.then((it) => it.currency) });
    // @ts-expect-error: there may be nothing to adopt.
    new blnk.Balance("perhaps", { adopt: found.then((it) => it.identity) });
    // @ts-expect-error: a number is no id.
    new blnk.Balance("a number", { adopt: found.then(() => 5) });
}

/** `find…` may return undefined, and lists are lists. */
export async function found(): Promise<void> {
    const ledger = await blnk.findLedger({ name: "Customers" });
    // @ts-expect-error: there may be none.
    new blnk.Balance("perhaps", { ledger, currency: "USD" });
    if (ledger) new blnk.Balance("there", { ledger, currency: "USD" });
    for (const { id, currency } of await blnk.getBalances({ ledger: { id: "ldg_1" } })) {
        new blnk.Balance(id, { adopt: id, currency });
    }
    blnk.findBalanceOutput({ ledger: blnk.getLedgerOutput({ id: later }), currency: maybeLater });
    blnk.getLedgersOutput({ name: later }).apply((all) => all.map(({ name }) => name));
}

/** The same for the members of a set. */
export function members(): void {
    new blnk.BalanceSet("fine", {
        ledger,
        balances: { a: { currency: later }, b: { adopt: "bln_1", currency: maybe } },
    });
    new blnk.BalanceSet("perhaps adopted late", { ledger, balances: { a: { currency: "USD", adopt: maybeLater } } });
    // @ts-expect-error: no arguments.
    new blnk.BalanceSet("empty", { ledger, balances: { a: {} } });
    // @ts-expect-error: there may be nothing to adopt.
    new blnk.BalanceSet("perhaps", { ledger, balances: { a: { adopt: maybe } } });
    // @ts-expect-error: there may be no currency.
    new blnk.BalanceSet("perhaps no currency", { ledger, balances: { a: { currency: maybe } } });
}
