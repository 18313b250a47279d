/** So many undeletable things may be gone without suspicion. */
const FEW = 2;

/**
 * Judges reads that found an undeletable thing gone. Blnk deletes nothing: when more than a few are gone, and more than half
 * of what a run has read, it is the database that is another one. The verdict waits until no other read is under way,
 * so that nothing has been dropped when it falls.
 */
export class GoneJudge {
    private underway = 0;
    private read = 0;
    private gone = 0;
    private waiting: ((verdict: string | undefined) => void)[] = [];

    /** Runs one read of an undeletable thing; throws where the thing is gone and that is not to be believed. */
    async around<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
        this.underway++;
        let found: T | undefined;
        try {
            found = await read();
        } catch (error) {
            this.underway--;
            this.fallIfQuiet();
            throw error;
        }
        this.underway--;
        this.read++;
        if (found !== undefined) {
            this.fallIfQuiet();
            return found;
        }
        this.gone++;
        const verdict = await new Promise<string | undefined>((resolve) => {
            this.waiting.push(resolve);
            this.fallIfQuiet();
        });
        if (verdict !== undefined) throw new Error(verdict);
        return undefined;
    }

    private fallIfQuiet(): void {
        if (this.underway > 0) return;
        const isSuspicious = this.gone > FEW && this.gone * 2 > this.read;
        const verdict = isSuspicious ? this.suspicion() : undefined;
        for (const tell of this.waiting.splice(0)) tell(verdict);
    }

    private suspicion(): string {
        return (
            `it is gone, and so are ${this.gone} of ${this.read} ledgers and balances that were looked at. This looks like another ` +
            `database, and nothing was dropped from the state. Check the address; if the things really are gone, ` +
            `run "pulumi state delete" for them.`
        );
    }
}
