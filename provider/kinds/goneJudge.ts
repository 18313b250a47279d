/** So many things may be gone without suspicion. */
const FEW = 2;

/**
 * Judges reads that found something gone which Blnk never deletes: a ledger, a balance (members of sets count one by one), or
 * what a tag is on. When more than a few things are gone, or all there are, it is the database that is another one, such as an
 * older dump. The verdict waits until no other read is under way, nor begins for a moment, so that nothing has been dropped
 * when it falls.
 */
export class GoneJudge {
    private underway = 0;
    private read = 0;
    private gone = 0;
    private dropped = 0;
    private waiting: ((verdict: string | undefined) => void)[] = [];
    private timer: NodeJS.Timeout | undefined;

    constructor(
        /** How long it must be quiet, in milliseconds: reads of one run reach this process one after the other. */
        private readonly quietMs: number,
    ) {}

    /** Runs the read of one thing; throws where the thing is gone and that is not to be believed. */
    async around<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
        this.underway++;
        let found: T | undefined;
        try {
            found = await read();
            this.read++;
        } finally {
            this.underway--;
            this.fallWhenQuiet();
        }
        if (found !== undefined) return found;
        this.gone++;
        const verdict = await new Promise<string | undefined>((resolve) => {
            this.waiting.push(resolve);
            this.fallWhenQuiet();
        });
        if (verdict !== undefined) throw new Error(verdict);
        return undefined;
    }

    private fallWhenQuiet(): void {
        clearTimeout(this.timer);
        if (this.waiting.length > 0) this.timer = setTimeout(() => this.fall(), this.quietMs);
    }

    private fall(): void {
        if (this.underway > 0) return;
        const isAll = this.gone === this.read && this.read > 1;
        const isSuspicious = this.gone > FEW || isAll;
        const verdict = isSuspicious ? this.suspicion() : undefined;
        const judged = this.waiting.splice(0);
        if (!isSuspicious) this.dropped += judged.length;
        for (const tell of judged) tell(verdict);
    }

    private suspicion(): string {
        const kept =
            this.dropped === 0
                ? "None of them was dropped from the state"
                : `No more of them are dropped from the state (${this.dropped} were dropped before this was noticed)`;
        return (
            `${this.gone} of the ${this.read} ledgers, balances and tags that were read are gone from Blnk. This looks like ` +
            `another database. ${kept}. Check the server's address; if they really are gone, run "pulumi state delete" for them.`
        );
    }
}
