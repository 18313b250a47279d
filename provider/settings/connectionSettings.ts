/** How to reach a Blnk Cloud instance through its authenticated proxy. */
export interface CloudSettings {
    readonly mode: "cloud";
    /** Base address without a trailing slash, such as `https://api.cloud.blnkfinance.com`. */
    readonly url: string;
    readonly instanceId: string;
    readonly credential: string;
    /** The setting that the credential came from, to be named when it is refused. */
    readonly credentialFrom: string;
    /** The setting that the address came from, to be named when it does not answer. */
    readonly urlFrom: string;
    /** How long one attempt may take, in milliseconds. */
    readonly timeoutMs: number;
}

/** How to reach a self-hosted Blnk Core. */
export interface CoreSettings {
    readonly mode: "core";
    /** Base address without a trailing slash, such as `http://127.0.0.1:5001`. */
    readonly url: string;
    /** Absent for a Core that runs without authentication. */
    readonly credential?: string;
    /** The setting that the credential came from, or that it should be put into. */
    readonly credentialFrom: string;
    /** The setting that the address came from, to be named when it does not answer. */
    readonly urlFrom: string;
    /** How long one attempt may take, in milliseconds. */
    readonly timeoutMs: number;
}

export type ConnectionSettings = CloudSettings | CoreSettings;
