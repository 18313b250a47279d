import type { PulumiFn } from "@pulumi/pulumi/automation";
import { config, expect } from "chai";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/sandbox";
import { EngineStack, type Outcome, type StackOptions } from "../engines/engineStack";
import { core, isIdentityRead } from "../sandbox/client";

// What the engine printed is the only account of a run that went wrong: it is shown whole.
config.truncateThreshold = 0;

/** Which half of a sandbox a stack is configured for. */
export type Mode = "cloud" | "core";

/** The sandboxes and stacks of one test. */
export class Stage {
    private sandboxes: Sandbox[] = [];
    private stacks: EngineStack[] = [];

    /** The sandbox that each test has; others come from {@link another}. */
    get sandbox(): Sandbox {
        const [first] = this.sandboxes;
        if (first === undefined) throw new Error("there is a sandbox only while a test runs");
        return first;
    }

    async another(options: SandboxOptions = {}): Promise<Sandbox> {
        const sandbox = await startSandbox(options);
        this.sandboxes.push(sandbox);
        return sandbox;
    }

    /** A stack configured for the sandbox: addresses in the configuration, the credential in the environment. */
    async open(program: PulumiFn, options: StackOptions & { mode?: Mode } = {}): Promise<EngineStack> {
        const { sandbox } = this;
        const { mode = "cloud", ...rest } = options;
        const ways = {
            cloud: {
                config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url },
                environment: { BLNK_ACCESS_TOKEN: sandbox.token },
            },
            core: {
                config: { "blnk:coreUrl": sandbox.coreUrl },
                environment: { BLNK_CORE_KEY: sandbox.coreKey },
            },
        };
        const stack = await EngineStack.open(program, { ...ways[mode], ...rest });
        this.stacks.push(stack);
        return stack;
    }

    async clear(): Promise<void> {
        for (const stack of this.stacks.splice(0)) stack.close();
        await Promise.all(this.sandboxes.splice(0).map((sandbox) => sandbox.stop()));
    }
}

/** Gives each test of the surrounding `describe` a sandbox of its own, and clears away what it opened. */
export function onSandbox(): Stage {
    const stage = new Stage();
    beforeEach(async () => {
        await stage.another();
    });
    afterEach(() => stage.clear());
    return stage;
}

/** The outcome of a run that must succeed. */
export function done(outcome: Outcome): Outcome {
    expect(outcome.ok, outcome.text).to.equal(true);
    return outcome;
}

/** Checks that a run failed for one reason, told in one sentence that holds these words, and shows no code. */
export function refused(outcome: Outcome, ...words: readonly (string | RegExp)[]): Outcome {
    expect(outcome.ok, outcome.text).to.equal(false);
    const reasons = reasonsOf(outcome);
    expect(reasons, outcome.text).to.have.length(1);
    holds(reasons[0] ?? "", ...words);
    expect(outcome.text).not.to.match(/^\s+at .*[:)]\d*/m);
    return outcome;
}

/** The reasons that a failed run gives, each once. */
export function reasonsOf({ text }: Outcome): string[] {
    // What the engine keeps of an operation that failed on the way, it shows in a list.
    const reasons = [...text.matchAll(/(?:error: (?:\S+ resource '[^']*' has a problem: )?|^\s*\* )(.*)$/gm)].map(
        ([, it]) => it ?? "",
    );
    const said = (reason: string) => !/^(update|preview|refresh|destroy) failed|^1 error occurred:|^$/.test(reason);
    return [...new Set(reasons)].filter(said);
}

/** Checks that a text holds all of these words. */
export function holds(text: string, ...words: readonly (string | RegExp)[]): void {
    for (const word of words) {
        if (typeof word === "string") expect(text).to.include(word);
        else expect(text).to.match(word);
    }
}

/** The warnings that a run gave, each once, in alphabetical order. */
export function warningsOf({ text }: Outcome): string[] {
    return [...new Set([...text.matchAll(/warning: (.*)$/gm)].map(([, it]) => it ?? ""))].sort();
}

/**
 * What a sandbox was asked, in order: `POST /proxy/ledgers 201`. What varies in an id is left out, and so is the one read by
 * which Blnk Cloud shows in each run that it is there.
 */
export function asked({ requests }: Pick<Sandbox, "requests">): string[] {
    return requests()
        .filter(({ body }) => !isIdentityRead(body))
        .map(({ method, path, status }) => `${method} ${short(path)} ${status ?? "dropped"}`);
}

/** How often Blnk Cloud was asked whether it is there. */
export function identityReads({ requests }: Pick<Sandbox, "requests">): number {
    return requests().filter(({ body }) => isIdentityRead(body)).length;
}

/** The requests that changed something, each with its body. */
export function written({ writes }: Pick<Sandbox, "writes">): { request: string; body: unknown }[] {
    return writes()
        .filter(({ status = 0 }) => status >= 200 && status < 300)
        .map(({ method, path, body }) => ({ request: `${method} ${short(path)}`, body }));
}

/** The question by which Instance learns that it may write: refused, as it asks for what cannot be. */
export const PROBE = "POST /proxy/ldg_0/metadata 404";

/** What else was asked than an Instance asks in the preview of a new stack: whether things of its name are there. */
export function askedBesides(sandbox: Parameters<typeof asked>[0]): string[] {
    const looks = ["POST /ledger/filter 200", "POST /balances/filter 200", "POST /ledgers/filter 200"];
    return asked(sandbox).filter((request) => !looks.includes(request));
}

/** The first thing that a run makes is looked for by its mark, and for a new owner in the lists of all marks of the stack. */
export const MIRROR_TEST = ["POST /ledger/filter 200", "POST /ledger/filter 200", "POST /balances/filter 200"];

/** What an Instance asks before it is made. The first two go out at once, in either order. */
export const INSTANCE_MADE = ["POST /ledger/filter 200", "POST /balances/filter 200", PROBE];

/** Moves money onto a balance, one US dollar from outside, past the provider. */
export async function pay(sandbox: Sandbox, destination: string): Promise<void> {
    const { status, body } = await core(sandbox, "POST", "/transactions", {
        precise_amount: 100,
        precision: 100,
        currency: "USD",
        reference: `to ${destination}`,
        description: "money from outside",
        source: "@world",
        destination,
        allow_overdraft: true,
        skip_queue: true,
    });
    expect(status, JSON.stringify(body)).to.equal(201);
}

function short(path: string): string {
    return path.replace(/_0{8}-[0-9a-f-]{27}/g, "_0").replace(/_[0-9a-f]{8}-[0-9a-f-]{27}/g, "_*");
}

/** A thing as a sandbox holds it, its mark taken out. */
export interface Held {
    readonly id: string;
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly mark?: unknown;
}

/** The ledgers that a sandbox holds, oldest first, without the one that Blnk makes itself. */
export function ledgersOf(sandbox: Sandbox, instance?: string): (Held & { readonly name: string })[] {
    return sandbox
        .ledgers(instance)
        .filter(({ ledger_id }) => ledger_id !== "general_ledger_id")
        .map(({ ledger_id, name, meta_data }) => ({ id: ledger_id, name, ...split(meta_data) }));
}

/** The balances that a sandbox holds, oldest first. */
export function balancesOf(
    sandbox: Sandbox,
    instance?: string,
): (Held & { readonly ledger: string; readonly currency: string })[] {
    return sandbox.balances(instance).map(({ balance_id, ledger_id, currency, meta_data }) => {
        return { id: balance_id, ledger: ledger_id, currency, ...split(meta_data) };
    });
}

function split(held: object | null): Pick<Held, "metadata" | "mark"> {
    const { pulumi: mark, ...metadata } = { ...held } as Record<string, unknown>;
    // As plain JSON: the rows keep numbers as they were sent.
    return { metadata: JSON.parse(JSON.stringify(metadata)), mark };
}
