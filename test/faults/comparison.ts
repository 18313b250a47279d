import type { RequestSeen, Sandbox } from "../../sandbox/sandbox";
import type { EngineStack } from "../engines/engineStack";
import { type Application, isApplications } from "./application";
import { PROJECT } from "./engines";
import type { Plan, PlannedTag } from "./plan";

/** What one stack declares now. */
export interface Claim {
    readonly stack: EngineStack;
    readonly plan: Plan;
    /**
     * What was declared in between, and is not any more. Blnk cannot delete ledgers and balances, so one of each may be
     * there; and keys may, as nobody remembers that a killed run has written them.
     */
    readonly former?: Plan;
}

const NOTHING: Plan = { ledgers: [], balances: [], tags: [] };

interface Row {
    readonly kind: "Ledger" | "Balance";
    readonly id: string;
    readonly name?: string;
    readonly ledger?: string;
    readonly currency?: string;
    readonly mark: string | undefined;
    readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Everything in which a server's content differs from what stacks declare and another application has put there: things
 * made twice, lost, or strange, keys of metadata, what the states remember, and what our requests have touched.
 */
export function differences(sandbox: Sandbox, claims: readonly Claim[], app: Application): string[] {
    const rows = rowsOf(sandbox);
    const found = claims.map((claim) => compare(rows, claim, app));
    const known = new Set(found.flatMap(({ ours }) => [...ours]));
    const strange = rows.filter((row) => !known.has(row) && !app.own.has(row.id));
    return [
        ...found.flatMap(({ wrong }) => wrong),
        ...strange.map((row) => `${row.kind} ${row.id} should not be there: ${row.mark ?? "unmarked"}`),
        ...rows.filter(({ id }) => app.own.has(id)).flatMap((row) => metadataDifferences(row, app.keys.get(row.id))),
        ...trespasses(sandbox.writes(), claims, new Set([...known].map(({ id }) => id))),
    ];
}

function compare(rows: readonly Row[], { stack, plan, former = NOTHING }: Claim, app: Application) {
    const remembered = stack.state();
    const owner = remembered.get("Instance blnk")?.id ?? "nobody";
    // The application may have copied a mark onto something of its own.
    const ours = rows.filter(
        ({ id, mark }) =>
            !app.own.has(id) && mark?.startsWith(`${PROJECT}/${stack.name}/`) && mark.includes(`@${owner}#`),
    );
    const wrong: string[] = [];
    const byName = new Map<string, Row>();
    const named = (kind: Row["kind"], name: string) =>
        ours.filter((row) => row.kind === kind && row.mark?.startsWith(`${PROJECT}/${stack.name}/${name}@`));
    const one = (kind: Row["kind"], name: string): Row | undefined => {
        const matching = named(kind, name);
        const [row] = matching;
        if (row === undefined) wrong.push(`${kind} ${name} is lost`);
        else if (matching.length > 1) wrong.push(`${kind} ${name} was made ${matching.length} times`);
        if (row !== undefined) byName.set(name, row);
        const id = remembered.get(`${kind} ${name}`)?.id;
        if (row !== undefined && id !== row.id) wrong.push(`${kind} ${name} is ${row.id}, the state says ${id}`);
        return row;
    };
    const declared = (name: string, target: Row, metadata: Readonly<Record<string, unknown>> = {}) => {
        const tags = plan.tags.filter((tag) => tag.target === name).map(({ key, value }: PlannedTag) => [key, value]);
        const all = { ...app.keys.get(target.id), ...metadata, ...Object.fromEntries(tags) };
        wrong.push(...metadataDifferences(target, all, formerKeys(former, name)));
    };
    for (const { name, title, metadata } of plan.ledgers) {
        const row = one("Ledger", name);
        if (row === undefined) continue;
        if (row.name !== title) wrong.push(`Ledger ${name} is called "${row.name}", not "${title}"`);
        declared(name, row, metadata);
    }
    for (const { name, ledger, currency, metadata } of plan.balances) {
        const row = one("Balance", name);
        if (row === undefined) continue;
        if (row.ledger !== byName.get(ledger)?.id) wrong.push(`Balance ${name} is in ${row.ledger}, not in ${ledger}`);
        if (row.currency !== currency) wrong.push(`Balance ${name} is in ${row.currency}, not in ${currency}`);
        declared(name, row, metadata);
    }
    for (const { name, target, key } of plan.tags) {
        const id = remembered.get(`MetadataTag ${name}`)?.id;
        const wanted = `${byName.get(target)?.id}/${key}`;
        if (id !== wanted) wrong.push(`MetadataTag ${name} is ${wanted}, the state says ${id}`);
    }
    const now = new Set([...plan.ledgers, ...plan.balances].map(({ name }) => name));
    for (const { name } of [...former.ledgers, ...former.balances].filter((it) => !now.has(it.name))) {
        const left = ours.filter(({ mark }) => mark?.startsWith(`${PROJECT}/${stack.name}/${name}@`));
        if (left.length > 1) wrong.push(`the former ${name} was made ${left.length} times`);
        for (const row of left) byName.set(`former ${name}`, row);
    }
    const labels = plan.ledgers.length + plan.balances.length + plan.tags.length + 1;
    if (remembered.size !== labels) wrong.push(`the state has ${remembered.size} entries, not ${labels}`);
    return { ours: new Set(byName.values()), wrong };
}

/** What a plan declares in the metadata of one thing. */
function formerKeys({ ledgers, balances, tags }: Plan, name: string): Readonly<Record<string, unknown>> {
    return Object.assign(
        {},
        ...[...ledgers, ...balances].filter((it) => it.name === name).map(({ metadata }) => metadata),
        ...tags.filter(({ target }) => target === name).map(({ key, value }) => ({ [key]: value })),
    );
}

/** Keys that are null count as absent: Blnk cannot remove them. Where nothing is expected, `mayStay` may be left. */
function metadataDifferences(
    row: Row,
    expected: Readonly<Record<string, unknown>> = {},
    mayStay: Readonly<Record<string, unknown>> = {},
): string[] {
    return [...new Set([...Object.keys(row.metadata), ...Object.keys(expected)])].flatMap((key) => {
        const [held, wanted] = [JSON.stringify(row.metadata[key] ?? null), JSON.stringify(expected[key] ?? null)];
        const isLeft = !(key in expected) && held === JSON.stringify(mayStay[key]);
        return held === wanted || isLeft ? [] : [`${row.mark ?? row.id} has ${key} ${held}, not ${wanted}`];
    });
}

/** Writes of ours to things that are not ours, or of keys that no plan declares. */
function trespasses(writes: readonly RequestSeen[], claims: readonly Claim[], ids: ReadonlySet<string>): string[] {
    const keys = new Set([
        "pulumi",
        ...claims.flatMap(({ plan, former = NOTHING }) => [...keysOf(plan), ...keysOf(former)]),
    ]);
    return writes
        .filter((request) => !isApplications(request))
        .flatMap(({ method, path, body }) => {
            const written = Object.keys((body as { meta_data?: object } | undefined)?.meta_data ?? {});
            const foreign = written.filter((key) => !keys.has(key));
            const target = /(?:ldg|bln)_[0-9a-f-]+/.exec(path)?.[0];
            const isProbe = target === "ldg_00000000-0000-0000-0000-000000000000";
            return [
                ...foreign.map((key) => `${method} ${path} wrote ${key}, which is not ours`),
                ...(target === undefined || isProbe || ids.has(target) ? [] : [`${method} ${path} is not ours`]),
            ];
        });
}

function keysOf({ ledgers, balances, tags }: Plan): string[] {
    return [...ledgers, ...balances]
        .flatMap(({ metadata }) => Object.keys(metadata ?? {}))
        .concat(tags.map((t) => t.key));
}

function rowsOf(sandbox: Sandbox): Row[] {
    const ledgers = sandbox.ledgers().filter(({ ledger_id }) => ledger_id !== "general_ledger_id");
    return [
        ...ledgers.map(({ ledger_id: id, name, meta_data }) => ({
            kind: "Ledger" as const,
            id,
            name,
            ...split(meta_data),
        })),
        ...sandbox.balances().map(({ balance_id: id, ledger_id: ledger, currency, meta_data }) => {
            return { kind: "Balance" as const, id, ledger, currency, ...split(meta_data) };
        }),
    ];
}

function split(held: object | null): Pick<Row, "mark" | "metadata"> {
    // As plain JSON: the rows keep numbers as they were sent.
    const { pulumi, ...metadata } = JSON.parse(JSON.stringify(held ?? {})) as Record<string, unknown>;
    return { mark: typeof pulumi === "string" ? pulumi : undefined, metadata };
}
