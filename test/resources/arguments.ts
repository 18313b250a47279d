import type * as pulumi from "@pulumi/pulumi";
import * as blnk from "../../provider";

/** What may be there or not, as `config.get` answers. */
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
    new blnk.Balance("adopted where told", { adopt: maybe, ledger, currency: "USD" });
    new blnk.Balance("adopted where told late", { adopt: maybeLater, ledger, currency: "USD" });

    // @ts-expect-error: nothing is told.
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

/** The same of a metadata tag. */
export function tags(): void {
    new blnk.MetadataTag("whole", { target: ledger, key: "k", value: { a: later, b: [undefined, null, 1, true] } });
    new blnk.MetadataTag("of values that come late", { target: ledger.id, key: later, value: later });
    new blnk.MetadataTag("adopted", { adopt: "ldg_1/k" });
    new blnk.MetadataTag("adopted late", { adopt: later, key: maybe, value: maybe });
    new blnk.MetadataTag("adopted where told", { adopt: maybe, target: "ldg_1", key: "k", value: 1 });

    // @ts-expect-error: nothing is told.
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
