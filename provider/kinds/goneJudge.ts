/** This many things may be gone without suspicion. */
const FEW = 2;

/**
 * Decides whether to believe reads that found a thing gone although Blnk never deletes such things: a ledger, a balance
 * (members of sets count one by one), or the target of a tag. If more than a few things are gone, or all of them, the database
 * is probably another one, such as an older dump. The decision waits until no read is running and none starts for a moment, so
 * that no thing has been dropped from the state before.
 */
export class GoneJudge {
    private underway = 0;
    private read = 0;
    private gone = 0;
    private dropped = 0;
    private waiting: ((verdict: string | undefined) => void)[] = [];
    private timer: NodeJS.Timeout | undefined;

    constructor(
        /** How long no read may start before the decision, in milliseconds: the reads of one run arrive one after the other. */
        private readonly quietMs: number,
    ) {}

    /** Runs the read of one thing. Throws if the thing seems to be gone and that is not believed. */
    async around<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
        this.underway++;
        let found: T | undefined;
        try {
            found = await read();
            this.read++;
        } finally {
            this.underway--;
            this.decideWhenQuiet();
        }
        if (found !== undefined) return found;
        this.gone++;
        const verdict = await new Promise<string | undefined>((resolve) => {
            this.waiting.push(resolve);
            this.decideWhenQuiet();
        });
        if (verdict !== undefined) throw new Error(verdict);
        return undefined;
    }

    private decideWhenQuiet(): void {
        clearTimeout(this.timer);
        if (this.waiting.length > 0) this.timer = setTimeout(() => this.decide(), this.quietMs);
    }

    private decide(): void {
        if (this.underway > 0) return;
        const isAll = this.gone === this.read && this.read > 1;
        const isSuspicious = this.gone > FEW || isAll;
        const verdict = isSuspicious ? this.suspicion() : undefined;
        const decided = this.waiting.splice(0);
        if (!isSuspicious) this.dropped += decided.length;
        for (const resolve of decided) resolve(verdict);
    }

    private suspicion(): string {
        const kept =
            this.dropped === 0
                ? "None of them was dropped from the state"
                : `No more of them are dropped from the state (${this.dropped} were dropped before this was noticed)`;
        return (
            `${this.gone} of the ${this.read} ledgers, balances and tags that were read are gone from Blnk. This looks like ` +
            `another database. ${kept}. Check the server's address; if the things really are gone, run "pulumi state delete" for them.`
        );
    }
}
