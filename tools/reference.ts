import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DeclarationReflection, ReflectionKind as Kind, ProjectReflection } from "typedoc";
import ts from "typescript";

const ROOT = resolve(__dirname, "..");
const FRONT_DOOR = join(ROOT, "provider", "index.ts");
const PAGES = join(ROOT, "provider", "resources");

/** What must carry a docstring: every name that a program can write, and whatever it may give or read there. */
const DOCUMENTED = [
    "Class",
    "Interface",
    "TypeAlias",
    "Function",
    "Method",
    "Constructor",
    "Property",
    "Parameter",
] as const;

const LOOK = {
    outputFileStrategy: "modules",
    entryFileName: "README",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: true,
    classPropertiesFormat: "table",
    interfacePropertiesFormat: "table",
    propertyMembersFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideInherited: true, hideOverrides: true, hideModifiers: true, hideSources: true },
    parametersFormat: "table",
    useCodeBlocks: true,
    // Line numbers would change the pages with every edit of the code.
    disableSources: true,
} as const;

/** The public names, by the file that declares them. */
function publicNames(): Map<string, Set<string>> {
    const source = ts.createSourceFile(FRONT_DOOR, readFileSync(FRONT_DOOR, "utf8"), ts.ScriptTarget.ES2022);
    const names = new Map<string, Set<string>>();
    const exports = source.statements.filter(ts.isExportDeclaration);
    // Classes and functions before the types beside them.
    for (const statement of [...exports].sort((one, other) => Number(one.isTypeOnly) - Number(other.isTypeOnly))) {
        if (!statement.moduleSpecifier || !statement.exportClause) continue;
        const file = `${resolve(FRONT_DOOR, "..", (statement.moduleSpecifier as ts.StringLiteral).text)}.ts`;
        const exported = (statement.exportClause as ts.NamedExports).elements.map(({ name }) => name.text);
        names.set(file, new Set([...(names.get(file) ?? []), ...exported]));
    }
    return names;
}

/** Writes the reference of the public names into a folder. Fails where a docstring or the target of a link is missing. */
export async function writeReference(folder: string): Promise<void> {
    const names = publicNames();
    // Imported late: tsx would load a second copy beside the one that the plugin loads.
    const { Application, Converter, ReflectionKind } = await import("typedoc");
    const app = await Application.bootstrapWithPlugins({
        plugin: ["typedoc-plugin-markdown"],
        entryPoints: [...names.keys()],
        tsconfig: join(ROOT, "tsconfig.build.json"),
        basePath: PAGES,
        name: "Reference",
        readme: "none",
        excludePrivate: true,
        excludeInternal: true,
        excludeExternals: true,
        requiredToBeDocumented: [...DOCUMENTED],
        validation: { notExported: false, invalidLink: true, notDocumented: true },
        logLevel: "Warn",
        outputs: [{ name: "markdown", path: folder }],
        ...LOOK,
    });
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
        const isPublic = ({ parent, name }: DeclarationReflection) =>
            names.get(`${join(PAGES, parent?.name ?? "")}.ts`)?.has(name);
        for (const page of project.getChildrenByKind(ReflectionKind.Module)) {
            for (const child of [...(page.children ?? [])]) if (!isPublic(child)) project.removeReflection(child);
        }
    });
    app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
        // `(typeof VALUES)[number]` says nothing to a reader: the values do.
        if (context.getSymbolFromReflection(reflection)?.declarations?.some(isElementOfList))
            reflection.comment?.modifierTags.add("@useDeclaredType");
    });
    const project = await app.convert();
    if (project === undefined) throw new Error("The reference cannot be made: see above");
    app.options.setValue("intentionallyNotDocumented", partsOfUnions(project, ReflectionKind));
    app.validate(project);
    await app.generateOutputs(project);
    if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error("The reference is not whole: see above");
    writeFileSync(join(folder, "README.md"), index(names));
}

function isElementOfList(declaration: ts.Declaration): boolean {
    return ts.isTypeAliasDeclaration(declaration) && ts.isIndexedAccessTypeNode(declaration.type);
}

/** The properties of types that are written in place, in a union: the type around them says what they are for. */
function partsOfUnions(project: ProjectReflection, { Property, TypeLiteral }: typeof Kind): string[] {
    return project
        .getReflectionsByKind(Property)
        .filter((property) => property.parent?.kindOf(TypeLiteral) && !property.hasComment())
        .map((property) => property.getFullName());
}

function index(names: ReadonlyMap<string, ReadonlySet<string>>): string {
    const lines = [...names].map(([file, exported]) => {
        const page = `${basename(file, ".ts")}.md`;
        return `- ${[...exported].map((name) => `[${name}](${page}#${name.toLowerCase()})`).join(", ")}`;
    });
    return `# Reference\n\nWhat a program can import from \`pulumi-blnk\`, page by page.\n\n${lines.join("\n")}\n`;
}

if (require.main === module) {
    writeReference(join(ROOT, "docs", "reference")).catch((cause: unknown) => {
        console.error(cause instanceof Error ? cause.message : cause);
        process.exitCode = 1;
    });
}
