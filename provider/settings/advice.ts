import { nearest } from "../wire/nearest";
import { KNOWN_KEYS } from "./settings";

/** The warning about a credential that the stack's configuration holds in plain text. */
export function inClear(key: string): string {
    return (
        `${key} is not set as a secret: it is stored in plain text in the stack's configuration and state. Set a new value ` +
        `with "pulumi config set --secret ${key} …", and revoke the old one, because old states keep it.`
    );
}

const NAMESPACE = "blnk:";

/** The keys that look like settings of this package but are unknown. */
export function unknownKeys(keys: readonly string[]): string[] {
    return keys.filter((key) => key.toLowerCase().startsWith(NAMESPACE) && !KNOWN_KEYS.includes(key));
}

/** The warning about an unknown key. */
export function unknownKey(key: string): string {
    const known = KNOWN_KEYS.map((name) => name.slice(NAMESPACE.length));
    const suggested = nearest(key.slice(NAMESPACE.length), known);
    const advice = suggested === undefined ? "" : ` Did you mean ${NAMESPACE}${suggested}?`;
    return `Unknown setting ${key} (ignored).${advice} Known settings: ${KNOWN_KEYS.join(", ")}.`;
}
