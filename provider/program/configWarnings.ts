import * as pulumi from "@pulumi/pulumi";
import { inClear, unknownKey, unknownKeys } from "../settings/advice";
import { CREDENTIAL_KEYS } from "../settings/settings";

/**
 * Warns of what is wrong with the stack's configuration though it can be used. This is the program's to tell: the
 * host is handed neither which keys are secrets nor, once it has read a setting, whether anybody meant another.
 */
export function warnOfConfiguration(): void {
    const config = pulumi.runtime.allConfig();
    for (const key of CREDENTIAL_KEYS) {
        if (config[key] !== undefined && isInClear(key)) void pulumi.log.warn(inClear(key));
    }
    for (const key of unknownKeys(Object.keys(config))) void pulumi.log.warn(unknownKey(key));
}

/** Whether a key is known to be no secret. The SDK has this function, though it does not type it. */
function isInClear(key: string): boolean {
    const { isConfigSecret } = pulumi.runtime as { isConfigSecret?(key: string): boolean };
    return isConfigSecret?.(key) === false;
}
