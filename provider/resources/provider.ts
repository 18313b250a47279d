import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, type Known } from "../program/arguments";
import { jsonProblems } from "../program/jsonValues";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const PROVIDER_ARGS = {
    instanceId: true,
    accessToken: true,
    accessTokenEnv: true,
    cloudUrl: true,
    coreUrl: true,
    coreKey: true,
    coreKeyEnv: true,
    owner: true,
    movedFrom: true,
    requestTimeout: true,
} satisfies Known<ProviderArgs>;

/** How a {@link Provider} reaches its Blnk server: a Blnk Cloud instance, or a self-hosted Blnk Core. */
export interface ProviderArgs {
    /** Blnk Cloud: the id of the instance. */
    instanceId?: pulumi.Input<string | undefined>;
    /** Blnk Cloud: an API key or access token with the scopes `proxy:write` and `data:read`. Kept as a secret. */
    accessToken?: pulumi.Input<string | undefined>;
    /** Blnk Cloud: the name of an environment variable that holds the access token, and wins over `accessToken`. */
    accessTokenEnv?: pulumi.Input<string | undefined>;
    /**
     * Blnk Cloud: its address, where it is self-hosted.
     *
     * @default "https://api.cloud.blnkfinance.com"
     */
    cloudUrl?: pulumi.Input<string | undefined>;
    /** Blnk Core: its address, https unless it is a loopback address. */
    coreUrl?: pulumi.Input<string | undefined>;
    /** Blnk Core: its master key; absent for a Core without authentication. Kept as a secret. */
    coreKey?: pulumi.Input<string | undefined>;
    /** Blnk Core: the name of an environment variable that holds the key, and wins over `coreKey`. */
    coreKeyEnv?: pulumi.Input<string | undefined>;
    /** As `blnk:owner`: the word by which this stack's things are known on the server, to take them back. */
    owner?: pulumi.Input<string | undefined>;
    /** As `blnk:movedFrom`: the identity of the server that the database moved from. */
    movedFrom?: pulumi.Input<string | undefined>;
    /**
     * As `blnk:requestTimeout`: how many seconds one request may take.
     *
     * @default 30
     */
    requestTimeout?: pulumi.Input<number | undefined>;
}

/**
 * A second Blnk server in one stack, for resources with the option `{ provider: … }`. It reads neither the stack's
 * configuration nor the environment, except for the variables that it names.
 *
 * `providers: [eu]` on a component hands every dynamic resource inside it to this provider, those of other packages
 * too.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/cloud/reference/proxy-api
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const eu = new blnk.Provider("eu", { instanceId: "inst_eu", accessTokenEnv: "BLNK_EU_TOKEN" });
 * new blnk.Ledger("customers-eu", {}, { provider: eu });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
    /**
     * Declares a provider.
     *
     * @param name The resource's name in the stack.
     * @param args How to reach the server: settings of Blnk Cloud or of a Blnk Core, not both.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: ProviderArgs, options: pulumi.ResourceOptions = {}) {
        const problem = [
            ...argumentProblems(args, PROVIDER_ARGS),
            ...Object.entries(args ?? {}).flatMap(([argument, value]) => jsonProblems(value, argument)),
        ][0];
        if (problem !== undefined) throw new pulumi.RunError(`blnk.Provider "${name}": ${problem}.`);
        const settings = Object.entries(args ?? {}).map(([key, value]) => [`blnk:${key}`, value]);
        super(
            "pulumi-nodejs",
            name,
            { ...Object.fromEntries(settings), ...secrets(args ?? {}), "blnk:provider": name },
            options,
        );
    }
}

function secrets({ accessToken, coreKey }: Partial<ProviderArgs>): pulumi.Inputs {
    return {
        ...(accessToken === undefined ? {} : { "blnk:accessToken": pulumi.secret(accessToken) }),
        ...(coreKey === undefined ? {} : { "blnk:coreKey": pulumi.secret(coreKey) }),
    };
}
