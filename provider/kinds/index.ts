import { balances } from "../blnk/balances";
import { ledgers } from "../blnk/ledgers";
import type { MarkedRecord, Table } from "../blnk/records";
import { balance } from "./balance";
import { balanceSet } from "./balanceSet/balanceSet";
import { instance } from "./instance";
import { ledger } from "./ledger";
import type { Lifecycle } from "./lifecycle";
import { metadataTag } from "./metadataTag";

/** How a thing is found before it is created, and found again after the state was lost. */
export type LocatedBy =
    /** By the mark in its metadata. */
    | "mark"
    /** By an id that follows from the inputs. */
    | "natural key"
    /** Not at all: nothing in Blnk represents it. */
    | "nothing";

/** What happens to a thing that leaves the program. */
export type Removal =
    /** Blnk cannot delete it: it stays there and is no longer managed. */
    | "released"
    /** Its metadata key is set to null: Blnk cannot remove keys. */
    | "cleared"
    /** Nothing in Blnk represents it: only the stack forgets it. */
    | "forgotten";

/** One kind of thing: the facts about all its things, and their lifecycle. */
export type Kind<Inputs extends object, State extends object> = Records & {
    readonly locatedBy: LocatedBy;
    readonly removal: Removal;
    readonly lifecycle: Lifecycle<Inputs, State>;
};

/** Where Blnk keeps the records of a kind, and whether these carry metadata, in which a mark can stand. */
type Records =
    | { readonly table: Table<MarkedRecord>; readonly carriesMetadata: true }
    | { readonly table?: Table<object>; readonly carriesMetadata: false };

/** States the facts of a kind. */
function kind<Inputs extends object, State extends object>(facts: Kind<Inputs, State>): Kind<Inputs, State> {
    return facts;
}

/**
 * All kinds, by the last part of their type token. This is the only place that names a kind. Every existing stack uses these
 * names, so none may be changed or removed.
 */
export const KINDS = {
    Ledger: kind({
        table: ledgers,
        carriesMetadata: true,
        locatedBy: "mark",
        removal: "released",
        lifecycle: ledger,
    }),
    Balance: kind({
        table: balances,
        carriesMetadata: true,
        locatedBy: "mark",
        removal: "released",
        lifecycle: balance,
    }),
    BalanceSet: kind({
        table: balances,
        carriesMetadata: true,
        locatedBy: "mark",
        removal: "released",
        lifecycle: balanceSet,
    }),
    MetadataTag: kind({
        carriesMetadata: false,
        locatedBy: "natural key",
        removal: "cleared",
        lifecycle: metadataTag,
    }),
    Instance: kind({
        carriesMetadata: false,
        locatedBy: "nothing",
        removal: "forgotten",
        lifecycle: instance,
    }),
};

export type KindName = keyof typeof KINDS;

/** The tables of all things that can carry a mark, each once. */
export const MARKED_TABLES: readonly Table<MarkedRecord>[] = [
    ...new Set(Object.values(KINDS).flatMap((kind) => (kind.carriesMetadata ? [kind.table] : []))),
];
