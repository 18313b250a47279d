import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { withLateValuesMarked } from "../../provider/program/jsonValues";
import { notJsonProblems } from "../../provider/wire/notJson";

class Plan {
    readonly name = "pro";
}

/** The value that the host gets, once all of it has arrived. */
const handed = (value: unknown) =>
    new Promise<unknown>((resolve) => {
        const output = pulumi.output({ value: withLateValuesMarked(value) });
        void (output as unknown as pulumi.Output<{ value: unknown }>).apply((all) => resolve(all.value));
    });
const problemsOf = async (value: unknown) => notJsonProblems(await handed(value), "value");

/** The ways in which a value may come late that the SDK passes on unchanged. */
const ways: Readonly<Record<string, (value: unknown) => unknown>> = {
    "an output": (value) => pulumi.output(1).apply(() => value as object),
    "a secret": (value) => pulumi.secret(1).apply(() => value as object),
    "a promise": (value) => Promise.resolve(value),
    "a promise of an output": (value) => Promise.resolve(pulumi.output(1).apply(() => value as object)),
    "an output inside an output": (value) =>
        pulumi.output(1).apply(() => ({ a: pulumi.output(1).apply(() => value as object) }) as never),
};

const wrong: Readonly<Record<string, unknown>> = {
    "is a Date": new Date(0),
    "is a bigint": 5n,
    "is an object of the class Map": new Map([["a", 1]]),
    "is an object of the class Set": new Set([1]),
    "is an object of the class Buffer": Buffer.from("x"),
    "is an object of the class Uint8Array": new Uint8Array(2),
    "is an object of the class Plan": new Plan(),
    "is a function": () => 1,
    "is a symbol": Symbol("s"),
    'has the key "__proto__"': JSON.parse('{"__proto__": 1}'),
};

describe("values of a program that come late", () => {
    for (const [way, wrap] of Object.entries(ways)) {
        for (const [what, value] of Object.entries(wrong)) {
            it(`in ${way}: what ${what} is reported, at any depth`, async () => {
                const [first = ""] = await problemsOf(wrap(value));
                expect(first)
                    .to.match(/^value(\.a)? /)
                    .and.to.contain(what);
                const [deep = ""] = await problemsOf({ b: [1, { c: wrap([value]) }] });
                expect(deep)
                    .to.match(/^value\.b\[1\]\.c(\.a)?\[0\] /)
                    .and.to.contain(what);
            });
        }
    }

    it("that hold themselves are reported", async () => {
        const round: Record<string, unknown> = {};
        round.a = { round };
        expect((await problemsOf(Promise.resolve(round)))[0]).to.contain("an object that holds itself");
    });

    it("that are JSON pass as they are, whatever it is", async () => {
        await fc.assert(
            fc.asyncProperty(
                // That key is refused.
                fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__")),
                fc.constantFrom(...Object.values(ways).slice(0, 4)),
                async (value, wrap) => {
                    const plain = JSON.parse(JSON.stringify(value));
                    expect(await handed({ a: [wrap(plain)] })).to.deep.equal({ a: [plain] });
                },
            ),
            { numRuns: 50 },
        );
    });

    it("stay secret, and values that are plain stay the very same", async () => {
        const plain = { a: [1, { b: "x" }] };
        expect(withLateValuesMarked(plain)).to.equal(plain);
        for (const value of [new Date(0), { fine: true }]) {
            const output = withLateValuesMarked(pulumi.secret(1).apply(() => value)) as pulumi.Output<unknown>;
            expect(await pulumi.isSecret(output)).to.equal(true);
        }
    });

    it("that are not known stay so", async () => {
        const unknown = pulumi.output(pulumi.unknown as unknown as object);
        const output = withLateValuesMarked(unknown) as unknown as { isKnown: Promise<boolean> };
        expect(await output.isKnown).to.equal(false);
    });

    it("are not quoted", async () => {
        const text = (await problemsOf({ a: wrapAll(new Plan()) })).join();
        expect(text).to.contain("Plan").and.not.to.contain("pro");
    });
});

function wrapAll(value: unknown): unknown[] {
    return Object.values(ways).map((wrap) => wrap(value));
}
