import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { EngineStack, type StackOptions } from "../engines/engineStack";

const CLOUD = "https://api.cloud.blnkfinance.com";

/** A live server: how a stack is configured for it, and how it is asked what it holds. */
interface Live extends StackOptions {
    readonly address: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
}

function liveServer(environment: Readonly<Record<string, string | undefined>>): Live | undefined {
    const { BLNK_LIVE_CORE_URL: coreUrl, BLNK_LIVE_CORE_KEY: coreKey } = environment;
    const { BLNK_LIVE_TOKEN: token, BLNK_LIVE_INSTANCE: instance, BLNK_LIVE_CLOUD_URL: cloudUrl = CLOUD } = environment;
    if (coreUrl && coreKey) {
        return {
            config: { "blnk:coreUrl": coreUrl },
            environment: { BLNK_CORE_KEY: coreKey },
            address: coreUrl,
            query: "",
            headers: { "x-blnk-key": coreKey },
        };
    }
    if (token && instance) {
        return {
            config: { "blnk:instanceId": instance, "blnk:cloudUrl": cloudUrl },
            environment: { BLNK_ACCESS_TOKEN: token },
            address: `${cloudUrl}/proxy`,
            query: `?${new URLSearchParams({ instance_id: instance })}`,
            headers: { authorization: `Bearer ${token}` },
        };
    }
    return undefined;
}

describe("the real engine on a live server", () => {
    let live: Live;
    let stack: EngineStack | undefined;

    before(function () {
        const found = liveServer(process.env);
        if (found === undefined) {
            process.stdout.write(
                "    skipped: set BLNK_LIVE_CORE_URL and BLNK_LIVE_CORE_KEY, or BLNK_LIVE_TOKEN and BLNK_LIVE_INSTANCE\n",
            );
            this.skip();
        }
        live = found;
    });
    after(() => stack?.close());

    async function request(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
        const { address, query, headers } = live;
        const answer = await fetch(`${address}${path}${query}`, {
            method,
            headers: { "content-type": "application/json", ...headers },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        expect(answer.ok, `${method} ${path}: ${answer.status}`).to.equal(true);
        return (await answer.json()) as Record<string, unknown>;
    }

    it("creates, changes, puts drift right, and lets go", async () => {
        // Nothing can be deleted on a live server, so each run is a stack of its own that another run cannot meet.
        const name = `Live test ${new Date().toISOString()}`;
        const program = (suffix: string) => async () => {
            const ledger = new blnk.Ledger("live", { name: `${name}${suffix}`, metadata: { purpose: "test" } });
            const balance = new blnk.Balance("wallet", { ledger, currency: "USD" });
            new blnk.MetadataTag("tag", { target: balance, key: "purpose", value: { suffix } });
        };
        const opened = await EngineStack.open(program(""), { ...live, stack: `live-${Date.now()}` });
        stack = opened;
        const done = ({ ok, text, changes }: Awaited<ReturnType<EngineStack["up"]>>) => {
            expect(ok, text).to.equal(true);
            return changes;
        };
        expect(done(await opened.up())).to.deep.equal({ create: 5 });
        const ledger = opened.idOf("Ledger live");
        const balance = opened.idOf("Balance wallet");
        const held = async () => {
            const { name, meta_data } = await request("GET", `/ledgers/${ledger}`);
            const tagged = (await request("GET", `/balances/${balance}`)).meta_data as Record<string, unknown>;
            return { name, purpose: (meta_data as Record<string, unknown>).purpose, tag: tagged.purpose };
        };
        expect(await held()).to.deep.equal({ name, purpose: "test", tag: { suffix: "" } });
        expect(done(await opened.up())).to.deep.equal({ same: 5 });

        opened.program(program(", changed"));
        expect(done(await opened.preview())).to.deep.equal({ same: 3, update: 2 });
        expect(done(await opened.up())).to.deep.equal({ same: 3, update: 2 });
        const changed = { name: `${name}, changed`, purpose: "test", tag: { suffix: ", changed" } };
        expect(await held()).to.deep.equal(changed);

        await request("PUT", `/ledgers/${ledger}`, { name: `${name}, drifted` });
        await request("POST", `/${balance}/metadata`, { meta_data: { purpose: "drifted" } });
        expect(done(await opened.refresh())).to.deep.equal({ same: 3, update: 2 });
        expect(done(await opened.up())).to.deep.equal({ same: 3, update: 2 });
        expect(await held()).to.deep.equal(changed);

        done(await opened.destroy());
        expect(await held()).to.deep.equal({ ...changed, tag: null });
    });
});
