import { config, expect } from "chai";
import type { Sandbox } from "../../sandbox/sandbox";
import { DECLARED } from "./programs";
import type { Outcome, Project } from "./project";
import { ofPulumi, warningsIn } from "./warnings";

// What was printed is the only account of a run that went wrong: it is shown whole.
config.truncateThreshold = 0;

/** A project's whole life. Each step is compared with what the sandbox was asked to write and with what it holds then. */
export async function live(project: Project, sandbox: Sandbox, passed: Set<string>): Promise<void> {
    const step = async (...args: readonly string[]) => {
        sandbox.clearRequests();
        const outcome = await project.operation(...args);
        expect(outcome.ok, outcome.text).to.equal(true);
        for (const line of unknownWarnings(outcome, passed)) expect.fail(`${line}\n${outcome.text}`);
        return outcome.text;
    };

    const made = await step("up");
    expect(made).to.match(/^ *\+ 6 created$/m);
    expect(written(sandbox)).to.deep.equal(
        [
            "POST /proxy/balances",
            "POST /proxy/balances",
            "POST /proxy/balances",
            "POST /proxy/ledgers",
            "POST /proxy/ldg_*/metadata",
        ].sort(),
    );
    const ids = held(sandbox, DECLARED.tag.value);
    expect(await project.outputs()).to.deep.equal({ ...ids, foundName: DECLARED.ledger.name });

    const again = await step("up", "--expect-no-changes");
    expect(again).to.match(/^ *6 unchanged$/m);
    expect(written(sandbox)).to.deep.equal([]);

    await step("refresh", "--expect-no-changes");
    expect(written(sandbox)).to.deep.equal([]);
    expect(held(sandbox, DECLARED.tag.value)).to.deep.equal(ids);

    const left = await step("destroy");
    // Warnings name what stays in Blnk.
    const warnings = left.split("\n").filter((line) => /^ *warning: /.test(line));
    for (const id of [sandbox.ledgers().at(-1)?.ledger_id, ...Object.values(ids)]) {
        expect(
            warnings.some((line) => line.includes(`${id}`)),
            left,
        ).to.equal(true);
    }
    expect(written(sandbox)).to.deep.equal(["POST /proxy/ldg_*/metadata"]);
    expect(held(sandbox, null)).to.deep.equal(ids);
}

/** The requests that changed something, in alphabetical order: members of a set are made at once. */
function written(sandbox: Sandbox): string[] {
    return sandbox
        .writes()
        .filter(({ status = 0 }) => status >= 200 && status < 300)
        .map(({ method, path }) => `${method} ${path.replace(/_[0-9a-f-]{36}/g, "_*")}`)
        .sort();
}

/** Checks that the sandbox holds what the program declares, once. Answers the ids that the program exports. */
function held(sandbox: Sandbox, tag: unknown): { aliceId?: string; bobId?: string } {
    const plain = (metadata: object | null) => {
        const { pulumi: mark, ...rest } = JSON.parse(JSON.stringify(metadata));
        expect(mark).to.match(/^shop\/dev\//);
        return rest;
    };
    const ledgers = sandbox.ledgers().filter(({ ledger_id }) => ledger_id !== "general_ledger_id");
    expect(ledgers.map(({ name, meta_data }) => ({ name, metadata: plain(meta_data) }))).to.deep.equal([
        { ...DECLARED.ledger, metadata: { ...DECLARED.ledger.metadata, [DECLARED.tag.key]: tag } },
    ]);
    const balances = sandbox.balances().map(({ ledger_id, balance_id, currency, meta_data }) => {
        expect(ledger_id).to.equal(ledgers[0]?.ledger_id);
        return { id: balance_id, currency, who: plain(meta_data).who as string };
    });
    expect(Object.fromEntries(balances.map(({ who, currency }) => [who, currency]))).to.deep.equal(DECLARED.balances);
    expect(balances).to.have.length(Object.keys(DECLARED.balances).length);
    const idOf = (name: string) => balances.find(({ who }) => who === name)?.id as string;
    return { aliceId: idOf("alice"), bobId: idOf("bob") };
}

/** The warnings of a run that are not known to be Pulumi's own; those that are, are noted. */
function unknownWarnings({ text }: Outcome, passed: Set<string>): string[] {
    return warningsIn(text).flatMap((warning) => {
        const why = ofPulumi(warning);
        if (why === undefined) return [[warning.text, ...warning.trace].join("\n")];
        passed.add(`"${warning.text}", from ${why}`);
        return [];
    });
}
