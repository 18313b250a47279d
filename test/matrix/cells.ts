/** What is combined with what: each cell is one project as a user may have it. */

/** The versions of Node that are supported, with the release that stands for each. */
export const NODES = { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0" } as const;
export type Node = keyof typeof NODES;

/** The lowest SDK that package.json allows, and the newest that each Node takes. */
export const SDKS = {
    lowest: { 20: "3.216.0", 22: "3.216.0", 24: "3.216.0" },
    newest: { 20: "3.248.0", 22: "3.276.0", 24: "3.276.0" },
} as const;
export type Sdk = keyof typeof SDKS;

/** The releases of the package managers; npm is the one that is on PATH. */
export const MANAGERS = { npm: undefined, pnpm: "12.21.0", yarn: "1.22.22", "yarn 4": "4.18.1" } as const;
export type Manager = keyof typeof MANAGERS;

/** In what a program is written, and what it says about that. */
export const LANGUAGES = {
    TypeScript: "with the `tsconfig.json` of Pulumi's template",
    "TypeScript (commonjs)":
        "with the `tsconfig.json` of Pulumi's older templates: `module` commonjs, `moduleResolution` node",
    "TypeScript (ESM)": '`"type": "module"`, with ts-node 10 in the project, as Pulumi asks for',
    "JavaScript (CommonJS)": "`require`",
    "JavaScript (ESM)": '`"type": "module"`',
    "JavaScript (.mjs)": "an entry point that ends in `.mjs`",
} as const;
export type Language = keyof typeof LANGUAGES;

export interface Cell {
    readonly node: Node;
    readonly sdk: Sdk;
    readonly language: Language;
    readonly manager: Manager;
    /** Of a program in TypeScript. */
    readonly typescript?: "5.9.3" | "6.0.3";
}

export const CELLS: readonly Cell[] = [
    { node: 20, sdk: "lowest", language: "TypeScript", manager: "npm", typescript: "5.9.3" },
    { node: 20, sdk: "newest", language: "JavaScript (CommonJS)", manager: "pnpm" },
    { node: 20, sdk: "newest", language: "JavaScript (ESM)", manager: "yarn" },
    { node: 22, sdk: "newest", language: "TypeScript", manager: "pnpm", typescript: "6.0.3" },
    { node: 22, sdk: "lowest", language: "JavaScript (CommonJS)", manager: "yarn" },
    { node: 22, sdk: "newest", language: "JavaScript (ESM)", manager: "npm" },
    { node: 24, sdk: "newest", language: "TypeScript", manager: "yarn", typescript: "6.0.3" },
    { node: 24, sdk: "newest", language: "JavaScript (CommonJS)", manager: "npm" },
    { node: 24, sdk: "lowest", language: "JavaScript (ESM)", manager: "pnpm" },
    { node: 22, sdk: "lowest", language: "TypeScript (commonjs)", manager: "npm", typescript: "5.9.3" },
    { node: 24, sdk: "newest", language: "TypeScript (ESM)", manager: "npm", typescript: "5.9.3" },
    { node: 22, sdk: "newest", language: "JavaScript (.mjs)", manager: "yarn 4" },
];

/** The values that each other value of the same list of lists meets in some cell. */
export const PAIRED = {
    node: [20, 22, 24],
    sdk: ["lowest", "newest"],
    language: ["TypeScript", "JavaScript (CommonJS)", "JavaScript (ESM)"],
    manager: ["npm", "pnpm", "yarn"],
} as const satisfies { readonly [Kind in keyof Cell]?: readonly Cell[Kind][] };

/** What cannot be run here, and why. */
export const NOT_RUN: Readonly<Record<string, string>> = {
    "Pulumi's own Node language host (`pulumi-language-nodejs`)":
        "it comes only with the vendor's build of the CLI; test/matrix/languageHost.ts starts the same runner (`@pulumi/pulumi/cmd/run`) in the same way",
    "yarn Plug'n'Play":
        "the launcher of Pulumi's dynamic resources asks plain `node` for `@pulumi/pulumi`, which Plug'n'Play keeps out of node_modules",
    "bun and deno":
        "Pulumi's host of dynamic resources always runs on the `node` of PATH; Pulumi's language hosts for them come only with the vendor's build of the CLI",
    "Windows and macOS": "no such machine runs these tests",
};

/** One line for a cell. */
export function nameOf(cell: Cell): string {
    return `Node ${cell.node}, SDK ${SDKS[cell.sdk][cell.node]}, ${programOf(cell)}, ${managerOf(cell)}`;
}

/** Such as `TypeScript 5.9.3 (ESM)`. */
export function programOf({ language, typescript }: Cell): string {
    return typescript ? language.replace("TypeScript", `TypeScript ${typescript}`) : language;
}

/** Such as `pnpm 12.21.0`. */
export function managerOf({ manager }: Cell): string {
    const version = MANAGERS[manager];
    return version ? `${manager.split(" ")[0]} ${version}` : manager;
}
