import { balanceSet } from "./balanceSet";
import { byValue, byValueUnsaved } from "./byValue";
import { empty, floor } from "./floor";
import { ours, oursUnsaved } from "./ours";
import type { Variant } from "./variant";

const all: readonly Variant[] = [ours, oursUnsaved, balanceSet, floor, byValue, byValueUnsaved, empty];

/** Whom one can ask for. */
export const VARIANT_NAMES: readonly string[] = all.map(({ name }) => name);

/** The variant of this name. */
export function variantNamed(name: string): Variant {
    const variant = all.find((it) => it.name === name);
    if (variant === undefined) throw new Error(`there is no variant "${name}"`);
    return variant;
}
