import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { build, type Plugin } from "esbuild";

const ROOT = resolve(__dirname, "..");
const OUT = join(ROOT, "dist", "cli");
const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
};

/** Keeps one copy of the provider in the package: the command line loads the modules that programs load. */
const providerAsBuilt: Plugin = {
    name: "provider as built",
    setup({ onResolve }) {
        onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
            const built = relative(ROOT, resolve(resolveDir, path)).split(sep).join("/");
            return built.startsWith("provider/") ? { path: `../${built}`, external: true } : undefined;
        });
    },
};

/** Bundles the command line and the sandbox with the libraries that they alone need, so that users install none of these. */
async function bundle(): Promise<void> {
    const { metafile } = await build({
        absWorkingDir: ROOT,
        entryPoints: ["cli/main.ts"],
        outfile: join(OUT, "main.js"),
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20.19",
        external: Object.keys(MANIFEST.dependencies),
        plugins: [providerAsBuilt],
        // Licences travel in a file of their own, whole.
        legalComments: "none",
        metafile: true,
        logLevel: "warning",
    });
    writeFileSync(join(OUT, "THIRD-PARTY-LICENSES"), licences(Object.keys(metafile.inputs)));
}

function licences(inputs: readonly string[]): string {
    const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
    return [...folders]
        .sort()
        .map(licence)
        .join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder of the installed package that a bundled file belongs to. None: the file is ours. */
function packageFolder(file: string): string | undefined {
    return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function licence(folder: string): string {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
    const texts = readdirSync(join(ROOT, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    if (texts.length === 0) throw new Error(`${name} has no licence text, and cannot be bundled without one`);
    const whole = texts.map((file) => readFileSync(join(ROOT, folder, file), "utf8").trim()).join("\n\n");
    return `${name} ${version}, in main.js:\n\n${whole}\n`;
}

bundle().catch((cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : cause);
    process.exitCode = 1;
});
