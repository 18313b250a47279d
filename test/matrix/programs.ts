/** The files of a project, as Pulumi's templates lay them out, and its program. */
import { type Cell, type Language, SDKS } from "./cells";

/** How a program begins, how it exports, and where it stands. */
interface Style {
    readonly entry: string;
    readonly imports: readonly string[];
    readonly exports: (name: string, value: string) => string;
    /** What package.json says besides. */
    readonly manifest?: Readonly<Record<string, unknown>>;
    readonly tsconfig?: Readonly<Record<string, unknown>>;
}

const imported = [
    'import * as pulumi from "@pulumi/pulumi";',
    'import * as blnk from "pulumi-blnk";',
    'import { MetadataTag } from "pulumi-blnk";',
];
const exported = (name: string, value: string) => `export const ${name} = ${value};`;
const typescript = { entry: "index.ts", imports: imported, exports: exported } as const;
const tsconfig = (module: string, moduleResolution: string) => ({
    compilerOptions: {
        strict: true,
        outDir: "bin",
        target: "es2020",
        module,
        moduleResolution,
        sourceMap: true,
        experimentalDecorators: true,
        pretty: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        forceConsistentCasingInFileNames: true,
    },
    files: ["index.ts"],
});

const STYLES: Readonly<Record<Language, Style>> = {
    TypeScript: { ...typescript, tsconfig: tsconfig("nodenext", "nodenext") },
    "TypeScript (commonjs)": { ...typescript, tsconfig: tsconfig("commonjs", "node") },
    "TypeScript (ESM)": {
        ...typescript,
        tsconfig: tsconfig("nodenext", "nodenext"),
        manifest: { type: "module" },
    },
    "JavaScript (CommonJS)": {
        entry: "index.js",
        imports: [
            'const pulumi = require("@pulumi/pulumi");',
            'const blnk = require("pulumi-blnk");',
            "const { MetadataTag } = blnk;",
        ],
        exports: (name, value) => `exports.${name} = ${value};`,
    },
    "JavaScript (ESM)": { entry: "index.js", imports: imported, exports: exported, manifest: { type: "module" } },
    "JavaScript (.mjs)": { entry: "index.mjs", imports: imported, exports: exported },
};

/** What the program of every cell declares, for the check of what the sandbox then holds. */
export const DECLARED = {
    ledger: { name: "Customer wallets", metadata: { team: "payments" } },
    balances: { alice: "USD", bob: "EUR", carol: "NGN" },
    tag: { key: "billing", value: { plan: "pro" } },
} as const;

const body = [
    `const customers = new blnk.Ledger("customers", { name: "${DECLARED.ledger.name}", metadata: ${JSON.stringify(DECLARED.ledger.metadata)} });`,
    'const alice = new blnk.Balance("alice", { ledger: customers, currency: "USD", metadata: { who: "alice" } });',
    'const wallets = new blnk.BalanceSet("wallets", {',
    "    ledger: customers,",
    '    balances: { bob: { currency: "EUR", metadata: { who: "bob" } }, carol: { currency: "NGN", metadata: { who: "carol" } } },',
    "});",
    'const value = pulumi.output("pro").apply((plan) => ({ plan }));',
    `new MetadataTag("billing", { target: customers, key: "${DECLARED.tag.key}", value });`,
    "const found = blnk.getLedgerOutput({ id: customers.id });",
];

/** The names and the text of a project's files. */
export function filesOf(cell: Cell, packed: string): Readonly<Record<string, string>> {
    const style = STYLES[cell.language];
    const manifest = {
        name: "shop",
        version: "1.0.0",
        private: true,
        main: style.entry,
        ...style.manifest,
        dependencies: { "@pulumi/pulumi": SDKS[cell.sdk][cell.node], "pulumi-blnk": `file:${packed}` },
        devDependencies: {
            ...(cell.typescript && { "@types/node": "20.19.43", typescript: cell.typescript }),
            ...(cell.language === "TypeScript (ESM)" && { "ts-node": "10.9.2" }),
        },
    };
    const program = [
        ...style.imports,
        "",
        ...body,
        style.exports("aliceId", "alice.id"),
        style.exports("bobId", 'wallets.idOf("bob")'),
        style.exports("foundName", "found.name"),
    ];
    const runtime = style.tsconfig ? "runtime: nodejs" : "runtime:\n  name: nodejs\n  options:\n    typescript: false";
    return {
        "Pulumi.yaml": `name: shop\n${runtime}\n`,
        "package.json": JSON.stringify(manifest, undefined, 2),
        [style.entry]: `${program.join("\n")}\n`,
        ...(style.tsconfig && { "tsconfig.json": JSON.stringify(style.tsconfig, undefined, 2) }),
    };
}

/** Whether Pulumi loads the program as TypeScript. */
export function isTypeScript(language: Language): boolean {
    return STYLES[language].tsconfig !== undefined;
}
