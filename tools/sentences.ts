/**
 * Collects every sentence that the provider can print, from its source, for docs/errors.md. As a script it writes them
 * there; a test holds the page to it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const repository = join(__dirname, "..");
const PAGE = join(repository, "docs/errors.md");
const BEGIN = "<!-- sentences -->";
const END = "<!-- end of sentences -->";

/** Headings of the page, each with the files whose sentences stand under it. */
const CHAPTERS: readonly (readonly [heading: string, files: readonly string[]])[] = [
    ["Settings", ["settings/settings", "settings/advice"]],
    [
        "Reaching Blnk",
        ["blnk/failures", "blnk/proxy", "blnk/connection", "blnk/records", "blnk/server", "marks/markIndex"],
    ],
    ["The instance", ["host/providerContext", "kinds/instance", "marks/owners", "kinds/goneJudge"]],
    [
        "Arguments",
        [
            "host/check",
            "program/arguments",
            "wire/nearest",
            "program/jsonValues",
            "wire/notJson",
            "kinds/ledger",
            "kinds/balance",
            "kinds/balanceInputs",
            "kinds/balanceSet/inputs",
            "kinds/metadataTag",
            "host/urns",
        ],
    ],
    [
        "Making and taking back",
        ["blnk/balances", "creation/createOnce", "creation/postOrFind", "kinds/balanceSet/balanceSet", "kinds/marked"],
    ],
    ["Metadata", ["metadata/metadata", "metadata/ownedKeys", "metadata/metadataWriter"]],
    ["Letting go", ["kinds/release", "kinds/balanceSet/members"]],
    [
        "Adopting and looking up",
        ["creation/adoption", "host/claims", "kinds/balanceSet/adoption", "host/hostedLookup", "host/hostedLifecycle"],
    ],
    ["The package", ["wire/handlers"]],
];

/** The page as it ought to be. */
export function errorsPage(): string {
    const page = readFileSync(PAGE, "utf8");
    const head = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
    const tail = page.slice(page.indexOf(END));
    const placed = CHAPTERS.flatMap(([, files]) => files);
    const others = sourceFiles().filter((file) => !placed.includes(file));
    const chapters = [...CHAPTERS, ["Other", others] as const].flatMap(([heading, files]) => {
        const sentences = [...new Set(files.flatMap(sentencesOf))];
        return sentences.length === 0 ? [] : [`## ${heading}`, ...sentences.map((sentence) => `- ${sentence}`)];
    });
    return `${head}\n\n${chapters
        .map((line) => (line.startsWith("##") ? `\n${line}\n` : line))
        .join("\n")
        .trim()}\n\n${tail}`;
}

function sourceFiles(): string[] {
    const folders = ["wire", "settings", "blnk", "marks", "metadata", "creation", "kinds", "host", "program"];
    return folders.flatMap((folder) =>
        readdirSync(join(repository, "provider", folder), { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".ts"))
            .map((name) => `${folder}/${name.replace(/\.ts$/, "")}`),
    );
}

function sentencesOf(file: string): string[] {
    const path = join(repository, "provider", `${file}.ts`);
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
        if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
        const text = ts.isExpression(node) ? textOf(node) : undefined;
        if (text === undefined) ts.forEachChild(node, visit);
        else if (isSentence(text)) found.push(text.replace(/\s+/g, " ").trim());
        // What a sentence is put together from may be sentences as well.
        if (text !== undefined) ts.forEachChild(node, (inner) => visitParts(inner, visit));
    };
    visit(source);
    return found;
}

/** Visits the expressions inside a text, not the text itself again. */
function visitParts(node: ts.Node, visit: (node: ts.Node) => void): void {
    if (ts.isTemplateSpan(node)) visit(node.expression);
    else if (ts.isBinaryExpression(node)) ts.forEachChild(node, (inner) => visitParts(inner, visit));
    else if (ts.isTemplateExpression(node)) ts.forEachChild(node, (inner) => visitParts(inner, visit));
}

/** The text of a string, template or sum of them, with `<name>` for what is filled in; undefined for anything else. */
function textOf(node: ts.Expression): string | undefined {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
        return (
            node.head.text + node.templateSpans.map((span) => placeholder(span.expression) + span.literal.text).join("")
        );
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
        const left = textOf(node.left);
        const right = textOf(node.right);
        return left === undefined && right === undefined
            ? undefined
            : (left ?? placeholder(node.left)) + (right ?? placeholder(node.right));
    }
    return ts.isParenthesizedExpression(node) ? textOf(node.expression) : undefined;
}

function placeholder(expression: ts.Expression): string {
    const words = expression.getText().match(/[A-Za-z]+/g) ?? [];
    return expression.getText().length < 40 && words.length > 0 ? `‹${words.at(-1)}›` : "…";
}

function isSentence(text: string): boolean {
    return text.trim().split(/\s+/).length >= 4 && text.length >= 20 && !text.includes("exports.handler");
}

if (require.main === module) writeFileSync(PAGE, errorsPage());
