import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, type Known } from "../program/arguments";
import { jsonProblems } from "../program/jsonValues";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
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

/** The arguments of a {@link Provider}: the settings of a Blnk Cloud instance, or of a self-hosted Blnk Core. */
export interface ProviderArgs {
    /**
     * Blnk Cloud: the id of the instance, such as `inst_eu`. Cannot be combined with `coreUrl`.
     *
     * @default none
     */
    instanceId?: pulumi.Input<string | undefined>;
    /**
     * Blnk Cloud: an API key or access token with the scopes `proxy:write` and `data:read`. Stored as a secret.
     *
     * @default none
     */
    accessToken?: pulumi.Input<string | undefined>;
    /**
     * Blnk Cloud: the name of an environment variable with the access token, such as `BLNK_EU_TOKEN`. Takes precedence over
     * `accessToken`.
     *
     * @default none
     */
    accessTokenEnv?: pulumi.Input<string | undefined>;
    /**
     * Blnk Cloud: its address, if it is self-hosted. Must be https, except for loopback addresses.
     *
     * @default "https://api.cloud.blnkfinance.com"
     */
    cloudUrl?: pulumi.Input<string | undefined>;
    /**
     * Blnk Core: its address, such as `https://blnk.example.com`. Must be https, except for loopback addresses.
     *
     * @default none
     */
    coreUrl?: pulumi.Input<string | undefined>;
    /**
     * Blnk Core: its master key. Stored as a secret.
     *
     * @default none: a Core without authentication
     */
    coreKey?: pulumi.Input<string | undefined>;
    /**
     * Blnk Core: the name of an environment variable with the key. Takes precedence over `coreKey`.
     *
     * @default none
     */
    coreKeyEnv?: pulumi.Input<string | undefined>;
    /**
     * Like `blnk:owner`: the owner name of this stack's things on the server, such as `k3f9ab`. Set it to take them back after
     * the state was lost.
     *
     * @default drawn at random by the first `up`
     */
    owner?: pulumi.Input<string | undefined>;
    /**
     * Like `blnk:movedFrom`: the identity of the server from which the database was moved.
     *
     * @default none
     */
    movedFrom?: pulumi.Input<string | undefined>;
    /**
     * Like `blnk:requestTimeout`: how long one request may take, in seconds, at most 600.
     *
     * @default 30
     */
    requestTimeout?: pulumi.Input<number | undefined>;
}

/**
 * A further Blnk server in one stack, for resources with the option `{ provider: … }`. It does not use the stack's configuration,
 * nor the environment, except for the variables that its arguments name.
 *
 * If you set `providers: [eu]` on a component, this provider gets every dynamic resource in it, including those of other
 * packages.
 *
 * Throws an error if an argument is unknown or not JSON. Settings that are not valid are reported by each resource.
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
     * @param args The settings of the server: of Blnk Cloud or of a Blnk Core, not both.
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
