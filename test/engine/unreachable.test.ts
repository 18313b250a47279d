import { expect } from "chai";
import { done, holds, onSandbox, reasonsOf, refused } from "./stage";
import { shop } from "./troubles";

describe("an address where nobody is, under the real engine", () => {
    const stage = onSandbox();

    for (const mode of ["cloud", "core"] as const) {
        it(`on ${mode}: preview, up and refresh say so, in a new stack and in one that has run, and nothing is lost`, async () => {
            const second = await stage.another();
            const url = mode === "cloud" ? second.url : second.coreUrl;
            const config: Record<string, string> =
                mode === "cloud"
                    ? { "blnk:instanceId": second.instance, "blnk:cloudUrl": url }
                    : { "blnk:coreUrl": url };
            const environment: Record<string, string> =
                mode === "cloud" ? { BLNK_ACCESS_TOKEN: second.token } : { BLNK_CORE_KEY: second.coreKey };
            const stack = await stage.open(shop, { config, environment });
            done(await stack.up());
            const before = [...stack.state().keys()];
            await second.stop();
            const key = mode === "cloud" ? "blnk:cloudUrl" : "blnk:coreUrl";
            const told = `${url} cannot be reached (ECONNREFUSED). Check ${key} and the network.`;
            const fresh = await stage.open(shop, { config, environment, stack: "fresh" });
            // Each waits a quarter of a minute for a server that may be starting.
            const [refresh, previewOfFresh] = await Promise.all([stack.refresh(), fresh.preview()]);
            expect(refresh.ok).to.equal(false);
            holds(refresh.text, `${url} cannot be reached (ECONNREFUSED)`);
            expect([...stack.state().keys()]).to.deep.equal(before);
            const [preview, upOfFresh] = await Promise.all([stack.preview(), fresh.up()]);
            refused(preview, told);
            expect(reasonsOf(refused(upOfFresh, told))).to.deep.equal(reasonsOf(refused(previewOfFresh, told)));
        });
    }
});
