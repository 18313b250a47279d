import type { ConnectionSettings } from "./connectionSettings";
import { isLoopback } from "./loopback";

/** The configuration as Pulumi passes it to the dynamic host: flat, with full names such as `blnk:instanceId`. */
export interface RawConfig {
    get(key: string): unknown;
}

/** Everything that is configured for one provider. */
export interface Settings {
    readonly connection: ConnectionSettings;
    /** The owner that `blnk:owner` names. */
    readonly owner?: string;
    /** The identity of the stack's previous server, from `blnk:movedFrom`. */
    readonly movedFrom?: string;
}

/** Only the inputs of an explicit provider have this key. Such a provider takes no settings from the environment. */
export const EXPLICIT_PROVIDER = "blnk:provider";

export const CLOUD_URL = "https://api.cloud.blnkfinance.com";
const DEFAULT_TIMEOUT_SECONDS = 30;

/** Each setting's name in the configuration and in the environment. */
const NAMES = {
    accessToken: ["blnk:accessToken", "BLNK_ACCESS_TOKEN"],
    instanceId: ["blnk:instanceId", "BLNK_INSTANCE_ID"],
    cloudUrl: ["blnk:cloudUrl", "BLNK_CLOUD_URL"],
    coreUrl: ["blnk:coreUrl", "BLNK_CORE_URL"],
    coreKey: ["blnk:coreKey", "BLNK_CORE_KEY"],
} as const;
type Name = keyof typeof NAMES;
const ONLY_CONFIGURED = ["blnk:requestTimeout", "blnk:owner", "blnk:movedFrom"];

/** The configuration keys of credentials. */
export const CREDENTIAL_KEYS: readonly string[] = [NAMES.accessToken[0], NAMES.coreKey[0]];
/** All configuration keys. */
export const KNOWN_KEYS: readonly string[] = [...Object.values(NAMES).map(([key]) => key), ...ONLY_CONFIGURED];
const CLOUD: readonly Name[] = ["accessToken", "instanceId", "cloudUrl"];
const CORE: readonly Name[] = ["coreUrl", "coreKey"];

interface Setting {
    readonly value: string;
    /** The configuration key or environment variable that it came from. */
    readonly from: string;
}

/**
 * Resolves the settings of one provider. Addresses and instances come from the configuration first, then from the
 * environment. Credentials come from the environment first: refresh and destroy get the configuration of the last `up`,
 * so a token that was rotated since then can only come from the environment. Throws when settings conflict or are missing.
 */
export function resolveSettings(
    config: RawConfig,
    environment: Readonly<Record<string, string | undefined>>,
): Settings {
    const isExplicit = config.get(EXPLICIT_PROVIDER) !== undefined;
    const configured = (name: Name) => setting(config.get(NAMES[name][0]), NAMES[name][0]);
    const fromEnvironment = (name: Name) => {
        const variable = isExplicit ? text(config.get(`${NAMES[name][0]}Env`)) : NAMES[name][1];
        return variable === undefined ? undefined : setting(environment[variable], variable);
    };
    const address = (name: Name) => configured(name) ?? (isExplicit ? undefined : fromEnvironment(name));
    const credential = (name: Name) => fromEnvironment(name) ?? configured(name);

    const mode =
        modeOf(configured, isExplicit ? PROVIDER : "the configuration") ?? modeOf(fromEnvironment, "the environment");
    if (mode === undefined) throw new Error(noMode(isExplicit));
    const timeoutMs = timeoutOf(config.get("blnk:requestTimeout"));
    const coreKey = credential("coreKey");
    const credentialName: Name = mode === "cloud" ? "accessToken" : "coreKey";
    const credentialFrom = credentialAdvice(credential(credentialName)?.from, NAMES[credentialName], isExplicit);
    return {
        connection:
            mode === "cloud"
                ? {
                      mode,
                      ...url(address("cloudUrl") ?? { value: CLOUD_URL, from: NAMES.cloudUrl[0] }),
                      instanceId: instanceIdOf(neededSetting(address("instanceId"), "instanceId", isExplicit)),
                      credential: sendable(neededSetting(credential("accessToken"), "accessToken", isExplicit)),
                      credentialFrom,
                      timeoutMs,
                  }
                : {
                      mode,
                      ...url(neededSetting(address("coreUrl"), "coreUrl", isExplicit)),
                      ...optional("credential", coreKey && sendable(coreKey)),
                      credentialFrom,
                      timeoutMs,
                  },
        ...optional("owner", ownerOf(config.get("blnk:owner"))),
        ...optional("movedFrom", text(config.get("blnk:movedFrom"))),
    };
}

/** One setting in use, as the doctor shows it. */
export interface SettingInUse {
    /** Its name in the configuration. */
    readonly key: string;
    readonly value: string;
    /** The configuration key or environment variable that it came from. */
    readonly from: string;
    /** The source of a second value, which this one overrides. */
    readonly over?: string;
    readonly isSecret: boolean;
}

/** The settings that {@link resolveSettings} would use, even if they conflict. Not for explicit providers. */
export function settingsInUse(
    config: RawConfig,
    environment: Readonly<Record<string, string | undefined>>,
): SettingInUse[] {
    const named = Object.values(NAMES).flatMap(([key, variable]): SettingInUse[] => {
        const isSecret = CREDENTIAL_KEYS.includes(key);
        const found = [setting(config.get(key), key), setting(environment[variable], variable)];
        const [first, second] = (isSecret ? found.reverse() : found).filter((it) => it !== undefined);
        return first === undefined ? [] : [{ key, ...first, ...optional("over", second?.from), isSecret }];
    });
    const only = ONLY_CONFIGURED.flatMap((key): SettingInUse[] => {
        const found = setting(config.get(key), key);
        return found === undefined ? [] : [{ key, ...found, isSecret: false }];
    });
    return [...named, ...only];
}

const PROVIDER = "this blnk.Provider";

function modeOf(find: (name: Name) => Setting | undefined, source: string): "cloud" | "core" | undefined {
    const cloud = CLOUD.map(find).find((found) => found !== undefined);
    const core = CORE.map(find).find((found) => found !== undefined);
    if (cloud && core && source === PROVIDER) {
        throw new Error(
            `${source} has settings for both Blnk Cloud and a Blnk Core, but it connects to only one server. Remove one of them.`,
        );
    }
    if (cloud && core) {
        throw new Error(
            `${source} names both Blnk Cloud (${cloud.from}) and a Blnk Core (${core.from}), but a stack has only one default server. ` +
                `Remove one of them. For a second server, use an explicit blnk.Provider.`,
        );
    }
    return cloud ? "cloud" : core ? "core" : undefined;
}

function noMode(isExplicit: boolean): string {
    if (isExplicit) {
        return "this blnk.Provider names no Blnk server. Set instanceId and accessToken (Blnk Cloud), or coreUrl and coreKey (a Blnk Core).";
    }
    return (
        `no Blnk server is configured. For Blnk Cloud set blnk:instanceId and blnk:accessToken (or BLNK_INSTANCE_ID and ` +
        `BLNK_ACCESS_TOKEN); for a Blnk Core set blnk:coreUrl and blnk:coreKey (or BLNK_CORE_URL and BLNK_CORE_KEY).`
    );
}

/** A credential that can be sent in a header. The error does not quote it. */
function sendable({ value, from }: Setting): string {
    if (/^[\x21-\x7e]+$/.test(value)) return value;
    throw new Error(
        `${from} contains characters that a credential cannot have, such as spaces or line breaks. Set it again.`,
    );
}

/** An instance id. An access token in its place is refused: ids are sent in addresses and printed. */
function instanceIdOf({ value, from }: Setting): string {
    if (!value.startsWith("blnk_")) return value;
    throw new Error(`${from} contains an access token instead of an instance id. Swap the two settings.`);
}

function neededSetting(found: Setting | undefined, name: Name, isExplicit: boolean): Setting {
    if (found !== undefined) return found;
    const [key, variable] = NAMES[name];
    const kind = CLOUD.includes(name) ? "Blnk Cloud" : "a Blnk Core";
    if (isExplicit) throw new Error(`this blnk.Provider is set up for ${kind}, but ${name} is missing. Set it.`);
    const secret = name === "accessToken" ? " --secret" : "";
    throw new Error(
        `the settings are for ${kind}, but ${key} is missing. Run "pulumi config set${secret} ${key} …" or set ${variable}.`,
    );
}

/** What to check when the credential is refused. It names the environment, which wins: after a rotation that surprises. */
function credentialAdvice(
    from: string | undefined,
    [key, variable]: readonly [string, string],
    isExplicit: boolean,
): string {
    if (isExplicit) return from ?? key.replace("blnk:", "the provider's ");
    if (from === variable) return `${variable}, which wins over ${key}`;
    return from === undefined ? `${key} or ${variable}` : `${key}, or set ${variable}, which wins`;
}

function url({ value, from }: Setting): { url: string; urlFrom: string } {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
        throw new Error(`${from} is not a web address. Use an address such as https://blnk.example.com.`);
    }
    if (parsed.username || parsed.password || parsed.search || parsed.hash) {
        throw new Error(`${from} must be a plain address, without user, password, query or fragment.`);
    }
    if (parsed.protocol === "http:" && !isLoopback(parsed.hostname)) {
        throw new Error(
            `${from} uses plain http to ${parsed.hostname}, which would send the credentials unencrypted. ` +
                `Use https. Plain http is allowed for loopback addresses only.`,
        );
    }
    return { url: parsed.href.replace(/\/+$/, ""), urlFrom: from };
}

function timeoutOf(value: unknown): number {
    if (text(value) === undefined) return DEFAULT_TIMEOUT_SECONDS * 1000;
    const seconds = Number(value);
    if (!(seconds > 0 && seconds <= 600)) {
        throw new Error(`blnk:requestTimeout must be a number of seconds, more than 0 and at most 600.`);
    }
    // Timers accept whole milliseconds only.
    return Math.max(1, Math.round(seconds * 1000));
}

function ownerOf(value: unknown): string | undefined {
    const owner = text(value);
    if (owner !== undefined && !/^[a-z0-9][a-z0-9-]{0,31}$/.test(owner)) {
        throw new Error(
            `blnk:owner must be 1 to 32 lowercase letters, digits or hyphens, and must not begin with a hyphen.`,
        );
    }
    return owner;
}

function setting(value: unknown, from: string): Setting | undefined {
    const found = text(value);
    return found === undefined ? undefined : { value: found, from };
}

/** An empty value counts as absent, because CI systems set empty variables. It is trimmed, because files end in a line break. */
function text(value: unknown): string | undefined {
    const trimmed = value === undefined || value === null ? "" : String(value).trim();
    return trimmed === "" ? undefined : trimmed;
}

function optional<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
    return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}
