import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { ledgers } from "../../provider/blnk/ledgers";
import { Limiter } from "../../provider/blnk/limiter";
import { filterRecords } from "../../provider/blnk/records";
import { startSandbox } from "../../sandbox/sandbox";
import { cloudTo } from "./connections";
import { PATIENT } from "./policies";

/** Requests that end when the test says so. */
class Wave {
    private readonly open: (() => void)[] = [];
    started = 0;

    constructor(
        readonly limiter: Limiter,
        count: number,
    ) {
        for (let index = 0; index < count; index++) void limiter.run(() => this.request());
    }

    /** Ends all requests in flight. Resolves to how many have begun since. */
    async end(): Promise<number> {
        const before = this.started;
        for (const end of this.open.splice(0)) end();
        await quiet();
        return this.started - before;
    }

    private request(): Promise<void> {
        this.started++;
        return new Promise((resolve) => this.open.push(resolve));
    }
}

/** Waits until every request that may begin has begun, and the limiter has loaded its library. */
async function quiet(): Promise<void> {
    await new Limiter(1).run(async () => undefined);
    for (let turn = 0; turn < 50; turn++) await setImmediate();
}

describe("the limit of requests in flight", () => {
    it("is the number of the policy", async () => {
        const wave = new Wave(new Limiter(8), 30);
        await quiet();
        expect(wave.started).to.equal(8);
        expect(await wave.end()).to.equal(8);
    });

    it("is halved by each 429, down to one and no further", async () => {
        const wave = new Wave(new Limiter(8), 60);
        await quiet();
        for (const left of [4, 2, 1, 1]) {
            await wave.limiter.tooMany();
            expect(await wave.end()).to.equal(left);
        }
    });

    it("is halved before the first request too", async () => {
        const limiter = new Limiter(8);
        await limiter.tooMany();
        const wave = new Wave(limiter, 20);
        await quiet();
        expect(wave.started).to.equal(4);
    });

    it("grows with each answer, and never beyond the number of the policy", async () => {
        const wave = new Wave(new Limiter(8), 500);
        await quiet();
        await wave.limiter.tooMany();
        await wave.end();
        const seen: number[] = [];
        for (let answer = 0; answer < 60; answer++) {
            await wave.limiter.answered();
            seen.push(await wave.end());
        }
        expect(seen[0]).to.equal(4);
        expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
        expect([...new Set(seen)]).to.deep.equal([4, 5, 6, 7, 8]);
    });

    it("is kept on the network: no more requests overlap, with 429s and without", async () => {
        const sandbox = await startSandbox();
        sandbox.latency(10);
        sandbox.trouble({ times: 3, do: { kind: "answer", status: 429 } });
        const connection = cloudTo(sandbox, {}, { ...PATIENT, concurrency: 4 });
        // Creates that meet a 429 are not repeated here.
        await Promise.all(Array.from({ length: 12 }, () => filterRecords(connection, ledgers, [])));
        const seen = sandbox.requests();
        const at = (moment: number) =>
            seen.filter(({ started, ended = 0 }) => started <= moment && moment < ended).length;
        expect(Math.max(...seen.map(({ started }) => at(started)))).to.be.at.most(4);
        expect(seen).to.have.length(15);
        await sandbox.stop();
    });
});
