import type { ConnectionSettings } from "./connectionSettings";
import { isLoopback } from "./loopback";

/** Configuration as the dynamic host hands it over: flat, with full names such as `blnk:instanceId`. */
export interface RawConfig {
    get(key: string): unknown;
}

/** Everything that is configured for one provider. */
export interface Settings {
    readonly connection: ConnectionSettings;
    /** The owner that `blnk:owner` names. */
    readonly owner?: string;
    /** The identity of the server that the stack's things lived in before, from `blnk:movedFrom`. */
    readonly movedFrom?: string;
}

/** The key that only an explicit provider's inputs have. Its settings never come from the environment. */
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
 * Resolves the settings of one provider. Addresses and instances come from the configuration, else from the environment;
 * credentials the other way round: refresh and destroy are handed the configuration of the last `up`, so that a token
 * rotated since can only come from the environment. Throws a sentence where the settings do not add up.
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

/** One setting that is in use, for people to look at. */
export interface SettingInUse {
    /** Its name in the configuration. */
    readonly key: string;
    readonly value: string;
    /** The configuration key or environment variable that it came from. */
    readonly from: string;
    /** The other place where there is a value, which this one wins over. */
    readonly over?: string;
    readonly isSecret: boolean;
}

/** The settings that {@link resolveSettings} would take, whether they add up or not. Not for explicit providers. */
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
            `${source} has settings of Blnk Cloud and of a Blnk Core, and leads to one of them. Remove one.`,
        );
    }
    if (cloud && core) {
        throw new Error(
            `${source} names both Blnk Cloud (${cloud.from}) and a Blnk Core (${core.from}), and a stack lives in one of them. ` +
                `Remove one; reach a second server through an explicit blnk.Provider.`,
        );
    }
    return cloud ? "cloud" : core ? "core" : undefined;
}

function noMode(isExplicit: boolean): string {
    if (isExplicit) {
        return "this blnk.Provider names no Blnk server. Give it instanceId and accessToken (Blnk Cloud), or coreUrl and coreKey (a Blnk Core).";
    }
    return (
        `no Blnk server is configured. For Blnk Cloud set blnk:instanceId and blnk:accessToken (or BLNK_INSTANCE_ID and ` +
        `BLNK_ACCESS_TOKEN); for a Blnk Core set blnk:coreUrl and blnk:coreKey (or BLNK_CORE_URL and BLNK_CORE_KEY).`
    );
}

/** A credential that fits into a header. What it is is not told. */
function sendable({ value, from }: Setting): string {
    if (/^[\x21-\x7e]+$/.test(value)) return value;
    throw new Error(`${from} holds characters that no credential has, such as spaces or line breaks. Set it again.`);
}

/** An instance id; an access token in its place would be sent, and told, where an id is. */
function instanceIdOf({ value, from }: Setting): string {
    if (!value.startsWith("blnk_")) return value;
    throw new Error(`${from} holds an access token, not the id of an instance. Exchange the two settings.`);
}

function neededSetting(found: Setting | undefined, name: Name, isExplicit: boolean): Setting {
    if (found !== undefined) return found;
    const [key, variable] = NAMES[name];
    const kind = CLOUD.includes(name) ? "Blnk Cloud" : "a Blnk Core";
    if (isExplicit) throw new Error(`this blnk.Provider is set up for ${kind}, but has no ${name}. Give it one.`);
    const secret = name === "accessToken" ? " --secret" : "";
    throw new Error(
        `the settings are for ${kind}, but ${key} is missing. Run "pulumi config set${secret} ${key} …" or set ${variable}.`,
    );
}

/** What to check when the credential is refused. The environment wins, which surprises after a rotation. */
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
        throw new Error(`${from} is not a web address. Give one such as https://blnk.example.com.`);
    }
    if (parsed.username || parsed.password || parsed.search || parsed.hash) {
        throw new Error(`${from} must be a plain address, without user, password, query or fragment.`);
    }
    if (parsed.protocol === "http:" && !isLoopback(parsed.hostname)) {
        throw new Error(
            `${from} is plain http to ${parsed.hostname}, which would send the credentials readable to everyone on the way. ` +
                `Use https; http is for loopback addresses only.`,
        );
    }
    return { url: parsed.href.replace(/\/+$/, ""), urlFrom: from };
}

function timeoutOf(value: unknown): number {
    if (text(value) === undefined) return DEFAULT_TIMEOUT_SECONDS * 1000;
    const seconds = Number(value);
    if (!(seconds > 0 && seconds <= 600)) {
        throw new Error(`blnk:requestTimeout must be a number of seconds above 0 and up to 600.`);
    }
    // Timers take whole milliseconds.
    return Math.max(1, Math.round(seconds * 1000));
}

function ownerOf(value: unknown): string | undefined {
    const owner = text(value);
    if (owner !== undefined && !/^[a-z0-9][a-z0-9-]{0,31}$/.test(owner)) {
        throw new Error(`blnk:owner must be a word of up to 32 small letters, digits and hyphens.`);
    }
    return owner;
}

function setting(value: unknown, from: string): Setting | undefined {
    const found = text(value);
    return found === undefined ? undefined : { value: found, from };
}

/** An empty value counts as none: CI systems hand over variables that are set to nothing, and files end in a line break. */
function text(value: unknown): string | undefined {
    const trimmed = value === undefined || value === null ? "" : String(value).trim();
    return trimmed === "" ? undefined : trimmed;
}

function optional<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
    return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}
