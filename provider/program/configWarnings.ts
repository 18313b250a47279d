import * as pulumi from "@pulumi/pulumi";
import { inClear, unknownKey, unknownKeys } from "../settings/advice";
import { CREDENTIAL_KEYS } from "../settings/settings";

/**
 * Warns about problems of a configuration that still works. Only the program can do this: the host process sees neither which
 * keys are secrets nor all keys that are set.
 */
export function warnOfConfiguration(): void {
    const config = pulumi.runtime.allConfig();
    for (const key of CREDENTIAL_KEYS) {
        if (config[key] !== undefined && isInClear(key)) void pulumi.log.warn(inClear(key));
    }
    for (const key of unknownKeys(Object.keys(config))) void pulumi.log.warn(unknownKey(key));
}

/** Whether a key is known not to be secret. The SDK has this function but no type for it. */
function isInClear(key: string): boolean {
    const { isConfigSecret } = pulumi.runtime as { isConfigSecret?(key: string): boolean };
    return isConfigSecret?.(key) === false;
}
