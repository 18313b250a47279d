import { balanceSet } from "./balanceSet";
import { byValue, byValueUnsaved } from "./byValue";
import type { Contestant } from "./contestant";
import { empty, floor } from "./floor";
import { ours, oursUnsaved } from "./ours";

const all: readonly Contestant[] = [ours, oursUnsaved, balanceSet, floor, byValue, byValueUnsaved, empty];

/** Whom one can ask for. */
export const CONTESTANT_NAMES: readonly string[] = all.map(({ name }) => name);

/** The contestant of this name. */
export function contestantNamed(name: string): Contestant {
    const contestant = all.find((it) => it.name === name);
    if (contestant === undefined) throw new Error(`there is no contestant "${name}"`);
    return contestant;
}
