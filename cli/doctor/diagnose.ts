import { Connection } from "../../provider/blnk/connection";
import { DEFAULT_POLICY, type Policy } from "../../provider/blnk/policy";
import { inClear, unknownKey, unknownKeys } from "../../provider/settings/advice";
import { type RawConfig, resolveSettings, type SettingInUse, settingsInUse } from "../../provider/settings/settings";
import { checkAddress, checkReading, checkWriting } from "./access";
import { type Check, messageOf } from "./check";
import { checkIdentity, checkMarkSearch, checkSorting } from "./features";
import { LAG, measureLag } from "./lag";
import { type Project, readProject } from "./project";
import { checkRoutes } from "./routes";
import { checkTwins } from "./twins";

/** What the doctor checks. */
export interface Examination {
    readonly directory: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** The stack whose configuration is read, instead of the selected one. */
    readonly stack?: string;
    /** `<project>/<stack>`: check the marks of this stack instead of the known one. */
    readonly marks?: string;
    /** Whether to create a ledger and measure how long reads take to show it. */
    readonly measuresLag?: boolean;
    /** Prints a line at once, before the table. */
    say(line: string): void;
}

/** Short waits, because a person waits for the answer. */
const POLICY: Policy = { ...DEFAULT_POLICY, budgetMs: 5_000, unreachableBudgetMs: 0 };
const LONGEST_REQUEST_MS = 15_000;

/** Checks settings, server and stack. Writes nothing, except one ledger to measure the lag. */
export async function diagnose(examination: Examination): Promise<readonly Check[]> {
    const { environment } = examination;
    const project = await readProject(examination);
    const config: RawConfig = { get: (key) => project.config.get(key) };
    const inUse = settingsInUse(config, environment);
    const secrets = [
        ...["blnk:accessToken", "blnk:coreKey"].map((key) => project.config.get(key)),
        environment.BLNK_ACCESS_TOKEN,
        environment.BLNK_CORE_KEY,
    ].filter((secret): secret is string => secret !== undefined && secret !== "");
    const checks: Check[] = [
        project.check,
        ...inUse.map((setting) => describeSetting(setting, project)),
        ...unknownKeys([...project.config.keys()]).map(
            (key): Check => ({ what: key, outcome: "wrong", finding: unknownKey(key) }),
        ),
    ];
    try {
        const { connection } = resolveSettings(config, environment);
        const timeoutMs = Math.min(connection.timeoutMs, LONGEST_REQUEST_MS);
        checks.push(...(await examine(new Connection({ ...connection, timeoutMs }, POLICY), examination, project)));
    } catch (error) {
        // Without the stack's configuration it is unknown whether the settings are wrong.
        const isRead = project.check.outcome === "ok" || project.check.outcome === "note";
        const outcome = isRead ? "wrong" : "unknown";
        checks.push({ what: "settings", outcome, finding: messageOf(error) });
    }
    return checks.map((check) => ({ ...check, finding: withoutSecrets(check.finding, secrets) }));
}

async function examine(connection: Connection, examination: Examination, project: Project): Promise<readonly Check[]> {
    const address = await checkAddress(connection);
    if (address.outcome !== "ok") return [address];
    const reading = await checkReading(connection);
    if (reading.some(({ outcome }) => outcome !== "ok")) return [address, ...reading];
    const writing = await checkWriting(connection);
    const { marks = marksOf(project), measuresLag, say } = examination;
    return [
        address,
        ...reading,
        writing,
        await checkIdentity(connection),
        ...(await checkRoutes(connection)),
        await checkMarkSearch(connection),
        await checkSorting(connection),
        ...(measuresLag ? [await lagOf(connection, writing, say)] : []),
        ...(marks === undefined ? [] : await checkTwins(connection, marks)),
    ];
}

async function lagOf(connection: Connection, writing: Check, say: (line: string) => void): Promise<Check> {
    if (writing.outcome === "ok") return measureLag(connection, say);
    return { what: LAG, outcome: "unknown", finding: "not measured: this needs a credential that may write" };
}

/** A second safeguard: messages never contain a credential, but a gateway may echo one in an unexpected place. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
    return secrets.reduce((left, secret) => left.replaceAll(secret, "…"), text);
}

function marksOf({ name, stack }: Project): string | undefined {
    return name === undefined || stack === undefined ? undefined : `${name}/${stack}`;
}

function describeSetting({ key, value, from, over, isSecret }: SettingInUse, { inClear: clear }: Project): Check {
    if (isSecret && from === key && clear.has(key)) return { what: key, outcome: "wrong", finding: inClear(key) };
    const origin = `from ${from === key ? "the stack's configuration" : from}${over === undefined ? "" : `, which wins over ${over}`}`;
    return { what: key, outcome: "ok", finding: `${isSecret ? "(secret)" : value}, ${origin}` };
}
