import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { argumentProblems, argumentsIn } from "../../provider/program/arguments";

const known = { name: true, metadata: true, onDelete: true } as const;

describe("the arguments of a program", () => {
    it("that are known, undefined, or left out, are fine", () => {
        for (const args of [undefined, null, {}, { name: "x" }, { nmae: undefined }]) {
            expect(argumentProblems(args, known)).to.deep.equal([]);
        }
    });

    it("that are unknown are reported by name, with the nearest known one", () => {
        const args = { name: "x", metdata: { secret: 1 }, ondelete: "refuse", color: "red", toString: () => "x" };
        expect(argumentProblems(args, known)).to.deep.equal([
            'unknown argument "metdata" (did you mean "metadata"?)',
            'unknown argument "ondelete" (did you mean "onDelete"?)',
            'unknown argument "color"; known arguments: name, metadata, onDelete',
            'unknown argument "toString"; known arguments: name, metadata, onDelete',
        ]);
    });

    const others: [what: string, args: unknown][] = [
        ["a string", "Customers"],
        ["a number", 5],
        ["a function", () => ({ name: "x" })],
        ["an array", [{ name: "x" }]],
        ["a promise", Promise.resolve({ name: "x" })],
        ["an output", pulumi.output({ name: "x" })],
    ];
    for (const [what, args] of others) {
        it(`that are ${what} are refused`, () => {
            expect(argumentProblems(args, known)).to.deep.equal([
                `the arguments are ${what}: pass an object with the names name, metadata, onDelete`,
            ]);
            expect(argumentsIn(args as object)).to.deep.equal({});
        });
    }
});
