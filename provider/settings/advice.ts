import { nearest } from "../wire/nearest";
import { KNOWN_KEYS } from "./settings";

/** What to say of a credential that the stack's configuration holds, not as a secret. */
export function inClear(key: string): string {
    return (
        `${key} is not set as a secret, and stands readable in the stack's configuration and state. Set another one with ` +
        `"pulumi config set --secret ${key} …", and revoke this one: old states keep it.`
    );
}

const NAMESPACE = "blnk:";

/** The keys among these that look like settings of this package and are none. */
export function unknownKeys(keys: readonly string[]): string[] {
    return keys.filter((key) => key.toLowerCase().startsWith(NAMESPACE) && !KNOWN_KEYS.includes(key));
}

/** What to say of such a key. */
export function unknownKey(key: string): string {
    const known = KNOWN_KEYS.map((name) => name.slice(NAMESPACE.length));
    const meant = nearest(key.slice(NAMESPACE.length), known);
    const advice = meant === undefined ? "" : ` (did you mean "${NAMESPACE}${meant}"?)`;
    return `${key} is no setting of pulumi-blnk, and is ignored${advice}; there are ${KNOWN_KEYS.join(", ")}.`;
}
