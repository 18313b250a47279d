/** How to reach a Blnk Cloud instance through its authenticated proxy. */
export interface CloudSettings {
    readonly mode: "cloud";
    /** Base address without a trailing slash, such as `https://api.cloud.blnkfinance.com`. */
    readonly url: string;
    readonly instanceId: string;
    readonly credential: string;
    /** Where the credential came from. Errors name it. */
    readonly credentialFrom: string;
    /** Where the address came from. Errors name it. */
    readonly urlFrom: string;
    /** The time limit of one attempt, in milliseconds. */
    readonly timeoutMs: number;
}

/** How to reach a self-hosted Blnk Core. */
export interface CoreSettings {
    readonly mode: "core";
    /** Base address without a trailing slash, such as `http://127.0.0.1:5001`. */
    readonly url: string;
    /** Absent for a Core that runs without authentication. */
    readonly credential?: string;
    /** Where the credential came from, or where to set it. Errors name it. */
    readonly credentialFrom: string;
    /** Where the address came from. Errors name it. */
    readonly urlFrom: string;
    /** The time limit of one attempt, in milliseconds. */
    readonly timeoutMs: number;
}

export type ConnectionSettings = CloudSettings | CoreSettings;
