import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { problemsOf } from "../docs/compile";

const ROOT = resolve(__dirname, "../..");
const RESOURCES = join(ROOT, "provider/resources");

/** The examples in the documentation of the public classes and functions, with a file name for each. */
function examples(): [name: string, text: string][] {
    return readdirSync(RESOURCES).flatMap((file) => {
        const text = readFileSync(join(RESOURCES, file), "utf8");
        const found = [...text.matchAll(/\* ```typescript\n([\s\S]*?)\* ```/g)];
        return found.map(([, lines = ""], index): [string, string] => [
            `${file.replace(/\.ts$/, "")}-${index}.ts`,
            lines.replace(/^ *\* ?/gm, ""),
        ]);
    });
}

describe("the examples in the documentation", () => {
    it("compile as they are", () => {
        const all = examples();
        expect(all).to.have.length.greaterThan(12);
        expect(problemsOf(all)).to.deep.equal([]);
    });
});

/** The declarations of the public classes, functions and argument interfaces. */
function declarations(): ts.Statement[] {
    const isPublic = (statement: ts.Statement) =>
        ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return readdirSync(RESOURCES).flatMap((file) => {
        const text = readFileSync(join(RESOURCES, file), "utf8");
        const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
        return source.statements.filter((statement) => isPublic(statement) && exported.has(nameOf(statement)));
    });
}

const exported = new Set(
    [...readFileSync(join(ROOT, "provider/index.ts"), "utf8").matchAll(/\{([^}]*)\}/g)].flatMap(([, names = ""]) =>
        names.split(",").map((name) => name.trim()),
    ),
);

function nameOf(node: ts.Node): string {
    return (node as { readonly name?: ts.Node }).name?.getText() ?? "";
}

function docOf(node: ts.Node): string {
    return ts
        .getJSDocCommentsAndTags(node)
        .map((doc) => doc.getText())
        .join("\n");
}

describe("the documentation of what a program writes", () => {
    const isCallable = (node: ts.Node) => ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node);

    it("of every public class and function has an example and a page of Blnk's documentation", () => {
        const callables = declarations().filter(isCallable);
        const getters = readdirSync(RESOURCES).filter((file) => /^(get|find)/.test(file));
        expect(callables).to.have.length(5 + 2 * getters.length);
        const incomplete = callables.filter(
            (node) => !/@example\s/.test(docOf(node)) || !docOf(node).includes("https://docs.blnkfinance.com/"),
        );
        expect(incomplete.map(nameOf)).to.deep.equal([]);
    });

    it("of every argument says what it is, and of every optional one its default", () => {
        const members = declarations().flatMap((node) => {
            if (!ts.isInterfaceDeclaration(node) || !/(Args|Member|Options)$/.test(nameOf(node))) return [];
            return [...node.members].map((member) => [`${nameOf(node)}.${nameOf(member)}`, member] as const);
        });
        expect(members).to.have.length.greaterThan(40);
        const incomplete = members.filter(
            ([, member]) => docOf(member) === "" || (member.questionToken && !docOf(member).includes("@default")),
        );
        expect(incomplete.map(([name]) => name)).to.deep.equal([]);
    });
});
