import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { EngineStack } from "./engineStack";

const SECRET = "blnk_ö: '\"\n$ and more";

describe("a stack of the tests, whose files are written without the engine", () => {
    let stack: EngineStack;
    afterEach(() => stack.close());
    const nothing = async () => undefined;
    const open = async (...options: Parameters<typeof EngineStack.open>) => {
        stack = await EngineStack.open(...options);
        return stack;
    };
    const configOf = async () =>
        JSON.parse(await stack.command("config", "--show-secrets", "--json", "--stack", "dev"));

    it("is configured as the CLI reads it: secrets, numbers, words that YAML knows", async () => {
        await open(nothing, { config: { "blnk:accessToken": SECRET, "blnk:requestTimeout": "0300", own: "yes" } });
        expect(await configOf()).to.deep.equal({
            "blnk:accessToken": { value: SECRET, secret: true },
            "blnk:requestTimeout": { value: "0300", secret: false },
            "shop:own": { value: "yes", secret: false },
        });
        await stack.configure("own", undefined);
        await stack.configure("blnk:accessToken", "plain", false);
        expect(await configOf()).to.deep.equal({
            "blnk:accessToken": { value: "plain", secret: false },
            "blnk:requestTimeout": { value: "0300", secret: false },
        });
    });

    it("has no secret in clear in its files, and hands it to the program", async () => {
        const seen: unknown[] = [];
        await open(
            async () => {
                seen.push(new pulumi.Config("blnk").require("accessToken"));
                return { told: pulumi.secret(SECRET) };
            },
            { config: { "blnk:accessToken": SECRET } },
        );
        const { ok, text } = await stack.up();
        expect(ok, text).to.equal(true);
        expect(seen).to.deep.equal([SECRET]);
        expect(stack.stateText()).not.to.include("and more");
        expect(
            JSON.parse(await stack.command("stack", "output", "told", "--show-secrets", "--json", "--stack", "dev")),
        ).to.equal(SECRET);
    });

    it("has the state that the CLI exports, and the one that is put in its place", async () => {
        await open(async () => ({ one: 1 }));
        expect((await stack.up()).ok).to.equal(true);
        const cli = async () => JSON.parse(await stack.command("stack", "export", "--stack", "dev")).deployment;
        expect(await cli()).to.deep.equal(stack.exported());
        expect(stack.outputs()).to.deep.equal({ one: 1 });
        const before = stack.exported();
        stack.loseState();
        expect(stack.outputs()).to.deep.equal({});
        expect(await cli()).to.equal(null);
        stack.import(before);
        expect(await cli()).to.deep.equal(before);
    });
});
