import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { parseMark } from "../../provider/marks/mark";
import { takeMessages } from "../host/engineOfThisProcess";
import { isIdentityRead } from "../sandbox/client";
import type { Request, TestServer } from "./servers";
import { type Bag, type Kind, type Outcome, Stack } from "./stack";

/**
 * One step of a scenario, and all that it must lead to. In every text `{name}` stands for a thing of this run: `{id}` is the
 * resource's id, `{old}` the id before (`{id_a}` and `{old_a}` those of the member `a` of a set), `{mark}` its mark, `{run}` a new word, `{server}` the server's identity.
 */
export interface Step {
    /** Declares the resource like this and runs `up`. */
    readonly up?: Bag;
    /** The resource has left the program: `up`. */
    readonly without?: true;
    readonly refresh?: true;
    readonly destroy?: true;
    /** Another client calls a route of Core. */
    readonly outside?: readonly [method: string, path: string, body?: unknown];
    /** Names the thing that the other client created: a name, and the property of the answer with its id. */
    readonly named?: readonly [name: string, idField: string];
    /** The thing vanishes from the server. Only the sandbox can do this. */
    readonly forget?: string;
    readonly is?: Outcome;
    /** What check finds wrong, or the sentence that the step fails with. */
    readonly says?: readonly string[];
    readonly fails?: string;
    /** All requests of this step, in order; none if left out. */
    readonly asks?: readonly Request[];
    /** What the server holds afterwards, by id. */
    readonly holds?: Readonly<Record<string, Bag | null>>;
    readonly warns?: readonly string[];
    /** Other messages on the resource's row. */
    readonly tells?: readonly string[];
}

/** A resource's life: created, updated, refreshed, released. */
export interface Scenario {
    readonly title: string;
    readonly kind: Kind;
    /** Things that exist before, each created by a POST that bypasses the provider. */
    readonly given?: Readonly<Record<string, readonly [path: string, body: Bag, idField: string]>>;
    readonly steps: readonly Step[];
}

/** Another client pays 12.34 into the balance. */
export const pay = (inflight = false): Step => ({
    outside: [
        "POST",
        "/transactions",
        {
            amount: 12.34,
            precision: 100,
            reference: "{run}-money",
            description: "d",
            currency: "USD",
            source: "@world-{run}",
            destination: "{id}",
            allow_overdraft: true,
            skip_queue: true,
            inflight,
        },
    ],
});

/** The mark of another stack. */
export const foreignMark = "scenarios/elsewhere-{run}/a@x7#0123456789abcdef";

/** The sentence about a thing that carries it. */
export function takenAway(id: string): string {
    return (
        `another stack has taken over ${id}: it carries the mark ${foreignMark}. Remove it from this program. To take ` +
        `it back afterwards, declare it again with adopt: "${id}" and adoptFrom: "${foreignMark}".`
    );
}

/** The look-up by the resource's mark. */
export function lookFor(table: "ledgers" | "balances", mark = "{mark}"): Request {
    return [`POST /${table}/filter`, [{ field: "meta_data.pulumi", operator: "in", values: [mark] }]];
}

/** The read of a thing by its id in a batch. */
export function lookAt(table: "ledgers" | "balances", id = "{id}"): Request {
    return [`POST /${table}/filter`, [{ field: `${table.slice(0, -1)}_id`, operator: "in", values: [id] }]];
}

/** The warning about another thing with the same mark. */
export function twin(id: string, other: string): string {
    return (
        `${other} also carries the mark of ${id}, which this stack manages: a write from an interrupted run completed late, or an ` +
        `application copied the metadata. Resolve this in Blnk: move this stack's money to ${id}, and set the metadata key ` +
        `"pulumi" of ${other} to null`
    );
}

/** All requests before a thing that cannot be deleted counts as gone. */
export function missed(table: "ledgers" | "balances", id = "{id}", mark = "{mark}"): readonly Request[] {
    const last = [{ field: `${table.slice(0, -1)}_id`, operator: "eq", value: id }];
    return [lookFor(table, mark), lookAt(table, id), [`GET /${table}/${id}`], [`POST /${table}/filter`, last]];
}

/** Runs a scenario on a server. */
export async function runScenario(scenario: Scenario, server: TestServer): Promise<void> {
    const names = new Map([["run", server.run]]);
    const stack = new Stack(server, "scenarios", `stack-${server.run}`);
    const identity = await identityOf(stack);
    names.set("server", identity);
    if (scenario.kind !== "Instance") stack.binding = `${identity}/own${server.run}`;
    for (const [name, [path, body, idField]] of Object.entries(scenario.given ?? {})) {
        names.set(name, String((await server.send("POST", path, filled(body, names)))[idField]));
    }
    server.requests?.();
    takeMessages();
    for (const [index, step] of scenario.steps.entries()) {
        await runStep(scenario, step, stack, server, names, `step ${index + 1} of "${scenario.title}"`);
    }
}

async function runStep(
    scenario: Scenario,
    step: Step,
    stack: Stack,
    server: TestServer,
    names: Map<string, string>,
    where: string,
) {
    if (step.outside !== undefined) {
        const [method, path, body] = filled(step.outside, names);
        const answer = await server.send(method, path, body);
        if (step.named !== undefined) names.set(step.named[0], String(answer[step.named[1]]));
    }
    if (step.forget !== undefined) server.forget?.(filled(step.forget, names));

    const declared = step.up && { kind: scenario.kind, name: "thing", inputs: filled(step.up, names) };
    server.requests?.();
    let outcome: Outcome | undefined;
    let failure: unknown;
    try {
        if (declared !== undefined) [outcome] = await stack.up([declared]);
        if (step.without) await stack.up([]);
        if (step.refresh) [outcome] = await stack.refresh();
        if (step.destroy) await stack.destroy();
    } catch (error) {
        failure = error;
    }
    const messages = takeMessages();
    const acted = step.up ?? step.without ?? step.refresh ?? step.destroy;
    const requests = await requestsOf(server, step.asks?.length ?? 0);
    rename(stack, names);

    const message = failure instanceof Error ? failure.message : failure;
    expect(message, where).to.equal(step.fails && filled(step.fails, names));
    expect(outcome, where).to.equal(step.is ?? (step.says && "refused"));
    if (outcome === "refused") expect(stack.problems, where).to.deep.equal(filled(step.says ?? [], names));
    const shown = (severity: string) => messages.filter((it) => it.severity === severity).map(({ text }) => text);
    expect(shown("warning"), where).to.deep.equal(filled(step.warns ?? [], names));
    expect(shown("other"), where).to.deep.equal(filled(step.tells ?? [], names));
    if (requests !== undefined && acted !== undefined) {
        const asked = withoutOtherMarks(requests, names) as readonly Request[];
        expect(settledOrder(asked), where).to.deep.equal(settledOrder(filled(step.asks ?? [], names)));
    }
    for (const [id, expected] of Object.entries(step.holds ?? {})) {
        const held = await server.held(filled(id, names));
        if (expected === null) expect(held, where).to.equal(undefined);
        else expect(held, where).to.deep.include(filled(expected, names));
    }
    if (declared !== undefined && ["created", "updated", "replaced"].includes(outcome ?? "")) {
        await settled(stack, declared, server, where);
    }
}

/** After an `up`, the same program changes and asks nothing, and a refresh finds nothing new. */
async function settled(stack: Stack, declared: Parameters<Stack["up"]>[0][number], server: TestServer, where: string) {
    server.requests?.();
    expect(await stack.up([declared]), `the same again after ${where}`).to.deep.equal(["unchanged"]);
    expect(await requestsOf(server, 0), `the same again after ${where}`).to.deep.equal(server.requests && []);
    expect(await stack.refresh(), `a refresh after ${where}`).to.deep.equal(["same"]);
    server.requests?.();
    takeMessages();
}

/** Reads between two writes go out together and arrive in any order: sorts them. */
function settledOrder(requests: readonly Request[]): readonly Request[] {
    const questions: Request[] = [];
    const isQuestion = ([line]: Request) => line.startsWith("GET ") || line.endsWith("/filter");
    const sorted = () => questions.splice(0).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const ordered = requests.flatMap((request) => {
        if (!isQuestion(request)) return [...sorted(), request];
        questions.push(request);
        return [];
    });
    return [...ordered, ...sorted()];
}

/** The provider's requests. Waits for the expected number, because some reads run in the background. */
async function requestsOf(server: TestServer, expected: number): Promise<readonly Request[] | undefined> {
    if (server.requests === undefined) return undefined;
    const seen: Request[] = [];
    for (let turn = 0; turn === 0 || (seen.length < expected && turn < 200); turn++) {
        if (turn > 0) await setTimeout(5);
        // Each host process reads the server's identity once.
        seen.push(
            ...server
                .requests()
                .filter(
                    ([line, sent]) => line !== "GET /ledgers/general_ledger_id" && !isIdentityRead({ filters: sent }),
                ),
        );
    }
    return seen;
}

function rename(stack: Stack, names: Map<string, string>): void {
    const [kept] = stack.kept.values();
    if (kept === undefined) return;
    const id = names.get("id");
    if (id !== undefined && id !== kept.id) names.set("old", id);
    names.set("id", kept.id);
    if (typeof kept.outputs.mark === "string") names.set("mark", kept.outputs.mark);
    for (const [key, member] of Object.entries(kept.outputs.ids ?? {})) {
        const before = names.get(`id_${key}`);
        if (before !== undefined && before !== member) names.set(`old_${key}`, before);
        names.set(`id_${key}`, member);
    }
}

/** The value with every `{name}` in its texts replaced. */
function filled<T>(value: T, names: ReadonlyMap<string, string>): T {
    const fill = (inner: unknown): unknown => {
        if (typeof inner === "string") return inner.replace(/\{(\w+)\}/g, (whole, name) => names.get(name) ?? whole);
        if (Array.isArray(inner)) return inner.map(fill);
        if (inner === null || typeof inner !== "object") return inner;
        return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, fill(item)]));
    };
    return fill(value) as T;
}

/** The requests with marks that no state keeps, because the create failed, as `{unkept}`. */
function withoutOtherMarks(requests: readonly Request[], names: ReadonlyMap<string, string>): unknown {
    return JSON.parse(JSON.stringify(requests), (_key, value) =>
        parseMark(value) !== undefined && value !== names.get("mark") ? "{unkept}" : value,
    );
}

/** The identity of the server, as the stack's Instance learns it. */
async function identityOf(stack: Stack): Promise<string> {
    const probe = new Stack(stack.reach, stack.project, `${stack.stack}-probe`);
    const made = await probe.up([
        { kind: "Instance", name: "blnk", inputs: { stack: `${probe.project}/${probe.stack}` } },
    ]);
    expect(made, probe.problems.join()).to.deep.equal(["created"]);
    const [kept] = probe.kept.values();
    return String(kept?.outputs.server);
}

/** Whether a scenario can be run on a real server too. */
export function runsAnywhere(scenario: Scenario): boolean {
    return scenario.steps.every((step) => step.forget === undefined);
}
