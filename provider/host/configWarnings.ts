import * as pulumi from "@pulumi/pulumi";
import { CREDENTIAL_KEYS, KNOWN_KEYS } from "./settings";

/**
 * Warns of what is wrong with the stack's configuration though it can be used. This is the program's to tell: the
 * host is handed neither which keys are secrets nor, once it has read a setting, whether anybody meant another.
 */
export function warnOfConfiguration(): void {
    const config = pulumi.runtime.allConfig();
    for (const key of CREDENTIAL_KEYS) {
        if (config[key] !== undefined && isInClear(key)) void pulumi.log.warn(inClear(key));
    }
    for (const key of Object.keys(config)) {
        if (key.startsWith("blnk:") && !KNOWN_KEYS.includes(key)) void pulumi.log.warn(unknownKey(key));
    }
}

function inClear(key: string): string {
    return (
        `${key} is not set as a secret, and stands readable in the stack's configuration and state. Set another one with ` +
        `"pulumi config set --secret ${key} …", and revoke this one: old states keep it.`
    );
}

function unknownKey(key: string): string {
    return `${key} is no setting of pulumi-blnk, and is ignored; there are ${KNOWN_KEYS.join(", ")}.`;
}

/** Whether a key is known to be no secret. The SDK has this function, though it does not type it. */
function isInClear(key: string): boolean {
    const { isConfigSecret } = pulumi.runtime as { isConfigSecret?(key: string): boolean };
    return isConfigSecret?.(key) === false;
}
