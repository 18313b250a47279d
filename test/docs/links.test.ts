import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import GithubSlugger from "github-slugger";
import { packedFiles, ROOT } from "../package/packed";

interface Link {
    readonly page: string;
    readonly target: string;
}

const isElsewhere = ({ target }: Link) => /^[a-z][a-z0-9+.-]*:/i.test(target);

/** All pages of the repository, as paths from its root. */
function pages(folder = ""): readonly string[] {
    return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return /^(\.|node_modules$|dist$)/.test(entry.name) ? [] : pages(path);
        return entry.name.endsWith(".md") ? [path] : [];
    });
}

/** The text of a page without its code, where brackets are no links and a hash begins no heading. */
function prose(page: string): string {
    return readFileSync(join(ROOT, page), "utf8").replace(/^(`{3,}).*?^\1`*$/gms, "");
}

function links(page: string): readonly Link[] {
    const text = prose(page).replace(/(`+).*?\1/gs, "code");
    const found = text.matchAll(/\]\(<?([^)\s>]*)>?(?:\s+"[^"]*")?\)|^ *\[[^\]]+\]: *(\S+)/gm);
    return [...found].map(([, inline, defined]) => ({ page, target: inline ?? defined ?? "" }));
}

/** The file that a link leads to, as a path from the root. */
function fileOf({ page, target }: Link): string {
    const [path = ""] = target.split("#");
    return path === "" ? page : relative("", join(dirname(page), decodeURIComponent(path)));
}

function leadsNowhere(link: Link): boolean {
    const anchor = link.target.split("#")[1];
    if (!existsSync(join(ROOT, fileOf(link)))) return true;
    return anchor !== undefined && !anchors(fileOf(link)).has(decodeURIComponent(anchor));
}

/** What a hash can name in a page: its headings, and anchors that are set by hand. */
function anchors(page: string): ReadonlySet<string> {
    const slugger = new GithubSlugger();
    const headings = [...prose(page).matchAll(/^#{1,6} +(.+?)[ #]*$/gm)].map(([, heading = ""]) =>
        // What a reader sees: of a link its words, of a mark-up what stands in it.
        slugger.slug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*\\]/g, "")),
    );
    const byHand = [...prose(page).matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = ""]) => id);
    return new Set([...headings, ...byHand]);
}

const told = ({ page, target }: Link) => `${page}: ${target}`;

describe("links in pages", () => {
    const all = pages().flatMap(links);

    it("are found", () => {
        expect(all.map(told)).to.include.members([
            "README.md: docs/errors.md",
            "README.md: https://www.pulumi.com",
            "sandbox/README.md: #controls",
            "docs/reference/ledger.md: management.md#managementargs",
        ]);
    });

    it("lead to files and headings that are there", () => {
        expect(leadsNowhere({ page: "docs/errors.md", target: "../README.md#resources" })).to.equal(false);
        expect(leadsNowhere({ page: "docs/errors.md", target: "../README.md#no-such-heading" })).to.equal(true);
        expect(leadsNowhere({ page: "docs/errors.md", target: "README.md" })).to.equal(true);
        expect(all.filter((link) => !isElsewhere(link) && leadsNowhere(link)).map(told)).to.deep.equal([]);
    });

    it("of pages in the package lead to what is in the package", async () => {
        const packed = new Set(await packedFiles());
        const inside = all.filter((link) => packed.has(link.page) && !isElsewhere(link));
        expect(inside.map(told)).to.include("README.md: docs/errors.md");
        expect(inside.filter((link) => !packed.has(fileOf(link))).map(told)).to.deep.equal([]);
    });

    it("to elsewhere are whole and secure", () => {
        for (const link of all.filter(isElsewhere)) {
            expect(URL.canParse(link.target), told(link)).to.equal(true);
            expect(new URL(link.target).protocol, told(link)).to.be.oneOf(["https:", "mailto:"]);
        }
    });
});
