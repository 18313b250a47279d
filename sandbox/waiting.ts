/** Timers that end at once when the sandbox stops. */
export class Waiting {
    private readonly open = new Set<() => void>();
    private stopped = false;

    /** Resolves after `ms`, or at once when the sandbox stops; true if the time really passed. */
    wait(ms: number): Promise<boolean> {
        if (this.stopped || ms <= 0) {
            return Promise.resolve(!this.stopped);
        }
        return new Promise((resolve) => {
            const timer = setTimeout(() => end(true), ms);
            const end = (passed: boolean) => {
                clearTimeout(timer);
                this.open.delete(cancel);
                resolve(passed);
            };
            const cancel = () => end(false);
            this.open.add(cancel);
        });
    }

    /** Resolves when the sandbox stops. */
    forever(): Promise<void> {
        if (this.stopped) {
            return Promise.resolve();
        }
        return new Promise((resolve) => this.open.add(resolve));
    }

    /** Ends every wait, now and from now on. */
    stop(): void {
        this.stopped = true;
        for (const end of [...this.open]) {
            end();
        }
        this.open.clear();
    }
}
