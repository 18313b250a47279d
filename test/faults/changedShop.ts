import { changed, type Plan, SHOP, upTo } from "./plan";

const EDITED = changed(SHOP, {
    ledgers: (it, n) => (n % 3 === 1 ? { ...it, title: `${it.title}, renamed`, metadata: { team: "treasury" } } : it),
    // The last six leave the program, with their tags where they have any.
    balances: (it, n) => (n >= 22 ? undefined : n % 4 === 1 ? { ...it, metadata: { kind: "reserve", rank: n } } : it),
    tags: (it, n) => (n % 5 === 4 ? undefined : n % 2 === 0 ? { ...it, value: `${it.value}, changed` } : it),
});

const ADDED: Plan = {
    ledgers: upTo(2).map((n) => ({ name: `added-ledger-${n}`, title: `Ledger ${n}` })),
    balances: upTo(6).map((n) => ({ name: `added-balance-${n}`, ledger: `ledger-${n}`, currency: "USD" })),
    tags: upTo(3).map((n) => ({ name: `added-tag-${n}`, target: `ledger-${n}`, key: "added", value: n })),
};

/** The shop after an edit that renames, changes, removes and adds. */
export const CHANGED: Plan = {
    ledgers: [...EDITED.ledgers, ...ADDED.ledgers],
    balances: [...EDITED.balances, ...ADDED.balances],
    tags: [...EDITED.tags, ...ADDED.tags],
};
