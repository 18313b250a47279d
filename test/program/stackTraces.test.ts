import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { withoutStackTraces } from "../../provider/program/stackTraces";

/** How the SDK finds where a resource is declared: it takes a whole stack, whatever the limit is. */
function wholeStack(): string[] {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    const lines = new Error().stack?.split("\n").slice(1) ?? [];
    Error.stackTraceLimit = stackTraceLimit;
    return lines;
}

/** The stack that the SDK would take while a resource is declared here. */
function stackOfDeclaration(): string[] {
    const stacks = withoutStackTraces();
    try {
        return wholeStack();
    } finally {
        stacks.end();
    }
}

describe("the stack trace that shows where a resource is declared", () => {
    const { sourceMapsEnabled } = process;
    const { prepareStackTrace } = Error;
    beforeEach(() => process.setSourceMapsEnabled(false));
    afterEach(() => {
        process.setSourceMapsEnabled(sourceMapsEnabled);
        Error.prepareStackTrace = prepareStackTrace;
        delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
    });

    const isRunners = (line: string) => /node:|@pulumi[\\/]pulumi[\\/]/.test(line);

    it("goes down to where the program is started from", () => {
        const whole = wholeStack();
        const below = whole.findIndex(isRunners);
        expect(below).to.be.greaterThan(0);
        const files = (lines: readonly string[]) => lines.map((line) => /[^/\\]+(?=:\d+:\d+)/.exec(line)?.[0]);
        // The frame above it is the function that takes the stack.
        expect(files(stackOfDeclaration().slice(1))).to.deep.equal(files(whole.slice(0, below)));
    });

    it("goes down to where the SDK calls the program back", async () => {
        const both = () => ({ whole: wholeStack(), cut: stackOfDeclaration() });
        const { whole, cut } = await new Promise<ReturnType<typeof both>>((resolve) => {
            pulumi.output(1).apply(() => resolve(both()));
        });
        expect(whole.some(isRunners)).to.equal(true);
        expect(cut.filter(isRunners)).to.deep.equal([]);
        expect(cut[1]).to.match(/stackOfDeclaration/);
    });

    it("is written by whoever writes stacks in this program, such as a TypeScript loader", () => {
        const cut = stackOfDeclaration();
        Error.prepareStackTrace = (_error, frames) => `Error\n${frames.map(() => "    at theirs").join("\n")}`;
        expect(stackOfDeclaration()).to.deep.equal(cut.map(() => "    at theirs"));
    });

    for (const [who, prepare] of [
        ["Node.js maps lines to their sources itself", () => process.setSourceMapsEnabled(true)],
        ["leaking promises are looked for", () => Object.assign(process.env, { PULUMI_DEBUG_PROMISE_LEAKS: "1" })],
    ] as const) {
        it(`is left as it is where ${who}`, () => {
            Reflect.deleteProperty(Error, "prepareStackTrace");
            prepare();
            expect(stackOfDeclaration().length).to.equal(wholeStack().length + 1);
        });
    }

    it("is as before for everybody else", () => {
        const stackTraces = withoutStackTraces();
        expect(Error.prepareStackTrace).not.to.equal(prepareStackTrace);
        stackTraces.end();
        expect(Error.prepareStackTrace).to.equal(prepareStackTrace);
    });
});
