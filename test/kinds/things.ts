import type { Metadata } from "../../provider/blnk/metadata";
import { sandboxServer } from "./servers";
import { type Bag, type Declared, type Kind, Stack } from "./stack";

/** A kind of thing whose metadata keys a program declares: how it is declared, and which id in Blnk carries them. */
export interface Thing {
    readonly kind: Kind;
    /** The thing's name in messages. */
    readonly subject: string;
    /** The prefix of a message about it. */
    readonly about: string;
    /** The resource with these keys of metadata. */
    declare(metadata: Metadata, more?: Bag): Declared;
    /** The id of the thing that carries the keys, in a stack that has created it. */
    idIn(stack: Stack): string;
}

/** The kinds of things that carry declared keys of metadata, in one ledger. */
export function thingsIn(ledger: string): readonly Thing[] {
    const kept = (stack: Stack, kind: Kind) => stack.kept.get(stack.urn({ kind, name: "thing" }));
    const usd = { currency: "USD" };
    const plain = (kind: Kind, subject: string, inputs: Bag): Thing => ({
        kind,
        subject,
        about: "",
        declare: (metadata, more = {}) => ({ kind, name: "thing", inputs: { ...inputs, metadata, ...more } }),
        idIn: (stack) => kept(stack, kind)?.id ?? "",
    });
    return [
        plain("Ledger", 'ledger "thing"', { name: "Things" }),
        plain("Balance", 'balance "thing"', { ledger, ...usd }),
        {
            kind: "BalanceSet",
            subject: 'balance set "thing"',
            about: 'balances["a"]: ',
            declare: (metadata, more = {}) => ({
                kind: "BalanceSet",
                name: "thing",
                inputs: { ledger, balances: { a: { ...usd, metadata, ...more }, b: usd } },
            }),
            idIn: (stack) => (kept(stack, "BalanceSet")?.outputs.ids as Record<string, string> | undefined)?.a ?? "",
        },
    ];
}

/** A sandbox with a ledger, a stack on it, and the kinds of things to create there. */
export async function shop(mode: "cloud" | "core" = "cloud") {
    const server = await sandboxServer(mode);
    const { ledger_id } = await server.send("POST", "/ledgers", { name: "Shop" });
    const probe = new Stack(server, "shop", "probe");
    await probe.up([{ kind: "Instance", name: "blnk", inputs: { stack: "shop/probe" } }]);
    const [instance] = probe.kept.values();
    const identity = String(instance?.outputs.server);
    server.sandbox.clearRequests();
    const { sandbox } = server;
    return {
        server,
        sandbox,
        identity,
        ledger: String(ledger_id),
        stack: new Stack(server, "shop", "dev", `${identity}/k3f9ab`),
        things: thingsIn(String(ledger_id)),
        /** All metadata of a ledger or balance, without the mark. */
        held(id: string): Metadata {
            const { pulumi: _mark, ...rest } = rowOf(id);
            return rest as Metadata;
        },
        mark: (id: string) => markIn(rowOf(id)),
        rowOf,
        stop: () => server.stop(),
    };

    function rowOf(id: string): Record<string, unknown> {
        const row =
            sandbox.ledgers().find((it) => it.ledger_id === id) ??
            sandbox.balances().find((it) => it.balance_id === id);
        return (row?.meta_data ?? {}) as Record<string, unknown>;
    }
}

function markIn(metadata: Record<string, unknown>): unknown {
    return metadata.pulumi;
}

export type Shop = Awaited<ReturnType<typeof shop>>;
