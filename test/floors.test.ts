import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { KINDS } from "../provider/kinds";

const ROOT = resolve(__dirname, "..");

/** What each folder of the provider may import from, besides itself. What is imported as a type alone is listed apart. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
    wire: [],
    settings: ["wire"],
    blnk: ["settings", "wire"],
    marks: ["blnk", "wire"],
    metadata: ["marks", "blnk", "wire"],
    creation: ["metadata", "marks", "blnk", "wire"],
    kinds: ["creation", "metadata", "marks", "blnk", "wire"],
    host: ["kinds", "creation", "metadata", "marks", "blnk", "settings", "wire"],
    program: ["settings", "wire"],
    resources: ["program", "settings", "wire"],
};
/** Unions that are written once, where their values are. They import nothing, so that a program's types stay small. */
const PUBLIC_UNIONS = ["provider/blnk/allocationStrategies.ts", "provider/kinds/onDelete.ts"];

/** All our TypeScript files below a directory. */
function files(directory: string): string[] {
    if (!existsSync(join(ROOT, directory))) return [];
    return readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" })
        .map((file) => join(directory, file))
        .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"));
}

interface Import {
    /** A file from the root, or the name of a package. */
    readonly path: string;
    /** Gone once compiled. */
    readonly isTypeOnly: boolean;
}

/** What a file imports and re-exports, late imports included. */
function importsOf(file: string): Import[] {
    const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.ES2022, true);
    const found: Import[] = [];
    const add = (name: string, isTypeOnly: boolean) => found.push({ path: resolved(file, name), isTypeOnly });
    const visit = (node: ts.Node): void => {
        if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
            add(node.moduleSpecifier.text, node.importClause?.isTypeOnly ?? false);
        } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
            add(node.moduleSpecifier.text, node.isTypeOnly);
        } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
            if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true);
        } else if (ts.isCallExpression(node) && isLateImport(node.expression)) {
            const [name] = node.arguments;
            if (name !== undefined && ts.isStringLiteral(name)) add(name.text, false);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

function isLateImport(called: ts.Expression): boolean {
    return called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require");
}

function resolved(file: string, name: string): string {
    if (!name.startsWith(".")) return name;
    const path = relative(ROOT, resolve(ROOT, dirname(file), name));
    return [`${path}.ts`, `${path}/index.ts`].find((candidate) => existsSync(join(ROOT, candidate))) ?? path;
}

function imports(file: string): string[] {
    return importsOf(file).map(({ path }) => path);
}

function floorOf(path: string): string | undefined {
    return /^provider\/(\w+)\//.exec(path)?.[1];
}

const provider = files("provider");
const importing = (name: RegExp, among: readonly string[]) =>
    among.filter((file) => imports(file).some((imported) => name.test(imported)));

describe("the house", () => {
    it("has the files that these rules are about", () => {
        expect(provider).to.include.members(["provider/index.ts", "provider/blnk/http.ts", ...PUBLIC_UNIONS]);
        expect(imports("provider/blnk/http.ts")).to.include.members(["node:http", "node-fetch"]);
        expect([...new Set(provider.flatMap((file) => floorOf(file) ?? []))].sort()).to.deep.equal(
            Object.keys(FLOORS).sort(),
        );
    });

    it("imports run downward only, and never to the sandbox or the tests", () => {
        const upward = provider.flatMap((file) => {
            const own = floorOf(file);
            const allowed = own === undefined ? ["resources"] : [own, ...(FLOORS[own] ?? [])];
            return importsOf(file)
                .filter(({ path }) => /^(provider|sandbox|cli|test|tools|examples|bench)\//.test(path))
                .filter(({ path, isTypeOnly }) => !(isTypeOnly && PUBLIC_UNIONS.includes(path)))
                .filter(({ path }) => !allowed.includes(floorOf(path) ?? ""))
                .map(({ path }) => `${file} imports ${path}`);
        });
        expect(upward).to.deep.equal([]);
    });

    it("no files import each other in a circle, types included", () => {
        const graph = new Map(provider.map((file) => [file, imports(file).filter((path) => provider.includes(path))]));
        const circles: string[] = [];
        const done = new Set<string>();
        const visit = (file: string, path: readonly string[]): void => {
            if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
            if (done.has(file) || path.includes(file)) return;
            for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
            done.add(file);
        };
        for (const file of provider) visit(file, []);
        expect(circles).to.deep.equal([]);
    });

    it("every file of the provider stands on a floor, but the front door", () => {
        expect(provider.filter((file) => floorOf(file) === undefined)).to.deep.equal(["provider/index.ts"]);
    });

    it("one file alone speaks HTTP", () => {
        expect(importing(/^(node-fetch|(node:)?https?|undici)$/, provider)).to.deep.equal(["provider/blnk/http.ts"]);
    });

    it("nothing below the host knows Pulumi, nor how its dynamic host hands things over", () => {
        const below = provider.filter((file) => !/^provider\/(host|program|resources|index)/.test(file));
        expect(below).to.have.length.greaterThan(30);
        expect(importing(/^@pulumi\//, below)).to.deep.equal([]);
        const kinds = below.filter((file) => !/^provider\/(wire|settings)\//.test(file));
        const naming = kinds.filter((file) =>
            /__provider|ownUrn|targetUrn/.test(readFileSync(join(ROOT, file), "utf8")),
        );
        expect(naming).to.deep.equal([]);
    });

    it("the sandbox shares no code with the provider", () => {
        const sandbox = files("sandbox");
        expect(sandbox).to.have.length.greaterThan(10);
        expect(importing(/^(provider\/|pulumi-blnk|@pulumi\/)/, sandbox)).to.deep.equal([]);
    });

    it("a kind is found by its name: its lifecycle, its class, and a test of its life", () => {
        const stems = (directory: string) => new Set(files(directory).map((file) => basename(file, ".ts")));
        for (const name of Object.keys(KINDS)) {
            const kind = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
            expect([...stems("provider/kinds")]).to.include(kind);
            expect([...stems("test/kinds")]).to.include(`${kind}.test`);
            // An Instance is registered by itself: no program writes one.
            if (name !== "Instance") expect([...stems("provider/resources")]).to.include(kind);
        }
    });

    it("no kind is imported but by its own files, those that are made of it, and the register", () => {
        const lifecycles = Object.keys(KINDS).map((name) => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`);
        const fileOf = (kind: string) =>
            provider.find((file) => file.endsWith(`/${kind}.ts`) && floorOf(file) === "kinds");
        const strangers = lifecycles.flatMap((kind) =>
            provider
                .filter((file) => imports(file).includes(fileOf(kind) ?? ""))
                .filter((file) => file !== "provider/kinds/index.ts" && !file.startsWith(`provider/kinds/${kind}`))
                // A set is made of balances.
                .filter((file) => !(kind === "balance" && file.startsWith("provider/kinds/balanceSet/")))
                .map((file) => `${file} imports ${kind}`),
        );
        expect(strangers).to.deep.equal([]);
    });

    it("no file is named after nothing", () => {
        const all = ["provider", "sandbox", "cli", "tools", "examples", "bench"].flatMap(files);
        expect(all.filter((file) => /^(utils?|common|types|helpers?)\.ts$/.test(basename(file)))).to.deep.equal([]);
    });
});
