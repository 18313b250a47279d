/**
 * Collects every sentence that the provider can print, from its source. docs/errors.md explains them; as a script this
 * prints which of them the page misses, and which it lists although they are gone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const repository = join(__dirname, "..");
const PAGE = join(repository, "docs/errors.md");

/** Every sentence of the source, once. */
export function sourceSentences(): string[] {
    return [...new Set(sourceFiles().flatMap(sentencesOf))];
}

/** The sentences that stand on the page: the list items that are wholly in backticks. */
export function listedSentences(page: string): string[] {
    return [...page.matchAll(/^- (`+)(.+)\1$/gm)].map(([, , sentence]) => (sentence as string).trim());
}

/** What of the source is not on the page, and what is on the page but not in the source any more. */
export function comparePage(page = readFileSync(PAGE, "utf8")): { missing: string[]; stale: string[] } {
    const source = sourceSentences();
    const listed = listedSentences(page);
    return {
        missing: source.filter((sentence) => !listed.includes(sentence)),
        stale: listed.filter((sentence) => !source.includes(sentence)),
    };
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
    return sentencesIn(readFileSync(join(repository, "provider", `${file}.ts`), "utf8"));
}

function sentencesIn(code: string): string[] {
    const source = ts.createSourceFile("source.ts", code, ts.ScriptTarget.ES2022, true);
    const found: string[] = [];
    const visit = (node: ts.Node, inText: boolean): void => {
        if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
        const text = ts.isExpression(node) ? textOf(node) : undefined;
        if (text === undefined) {
            ts.forEachChild(node, (inner) => visit(inner, inText));
            return;
        }
        // The text that a state stores is code, with sentences of its own.
        if (text.startsWith("exports.handler")) {
            found.push(...sentencesIn(text));
            return;
        }
        // Inside a text only whole sentences count: "; known arguments: …" is found by the sentence around it.
        if (isSentence(text) && !(inText && /^[^A-Z]/.test(text))) found.push(text.replace(/\s+/g, " ").trim());
        ts.forEachChild(node, (inner) => visitParts(inner, (part) => visit(part, true)));
    };
    visit(source, false);
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
    const words = text.trim().split(/\s+/).length;
    const isLong = words >= 4 && text.length >= 20;
    const says = isLong || (words >= 3 && /\b(is|must|cannot|answered|unknown|not)\b/.test(text));
    return says && /^\s*[^,;({\s]/.test(text);
}

if (require.main === module) {
    const { missing, stale } = comparePage();
    for (const sentence of missing) console.log(`missing: ${sentence}`);
    for (const sentence of stale) console.log(`stale:   ${sentence}`);
    if (missing.length + stale.length > 0) process.exitCode = 1;
    else console.log("docs/errors.md lists every sentence, and none that is gone.");
}
