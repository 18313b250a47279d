import { runInNewContext } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { jsonProblems } from "../../provider/program/jsonValues";

class Plan {
    readonly name = "pro";
}

describe("values of a program", () => {
    const fine: [what: string, value: unknown][] = [
        ["JSON", { a: [1, "x", null, true, { b: {} }] }],
        ["undefined", { a: undefined, b: [undefined] }],
        ["an object without prototype", Object.assign(Object.create(null), { a: 1 })],
        ["an object of another realm", runInNewContext("({ a: [{}] })")],
        ["an output of anything", { a: pulumi.output(new Date(0)) }],
        ["a promise of anything", { a: Promise.resolve(5n) }],
    ];
    for (const [what, value] of fine) {
        it(`${what} passes`, () => expect(jsonProblems(value, "value")).to.deep.equal([]));
    }

    const wrong: [value: unknown, problem: string][] = [
        [new Date(0), "value is a Date, which JSON cannot hold: give it as a string"],
        [5n, "value is a bigint, which JSON cannot hold: give it as a string"],
        [() => 1, "value is a function, which JSON cannot hold: give plain values"],
        [Symbol("s"), "value is a symbol, which JSON cannot hold: give plain values"],
        [new Plan(), "value is an object of the class Plan, which JSON cannot hold: give plain values"],
        [new Set([1]), "value is an object of the class Set, which JSON cannot hold: give plain values"],
    ];
    for (const [value, problem] of wrong) {
        it(`${problem.split(",")[0]}: reported, at any depth`, () => {
            expect(jsonProblems(value, "value")).to.deep.equal([problem]);
            const deep = jsonProblems({ a: [1, { b: value }] }, "value");
            expect(deep).to.deep.equal([problem.replace("value is", "value.a[1].b is")]);
        });
    }
});
