import { PAGE_ROWS } from "../blnk/records";

interface Asked<Answer> {
    readonly key: string;
    readonly resolve: (answer: Answer | undefined) => void;
    readonly reject: (error: unknown) => void;
}

/**
 * Combines single questions into batches. Questions that arrive while a batch is in flight wait for the next one. A full batch
 * is sent at once, so that many questions at the same time do not wait for each other.
 */
export class Batcher<Answer> {
    private queue: Asked<Answer>[] = [];
    private out = 0;

    /** `answer` sends one batch of at most {@link PAGE_ROWS} keys. It leaves out keys without an answer. */
    constructor(private readonly answer: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>) {}

    /** The answer for one key. Rejects when its batch fails. */
    ask(key: string): Promise<Answer | undefined> {
        return new Promise((resolve, reject) => {
            this.queue.push({ key, resolve, reject });
            if (this.out === 0 || this.queue.length >= PAGE_ROWS) void this.send();
        });
    }

    private async send(): Promise<void> {
        const asked = this.queue;
        this.queue = [];
        this.out++;
        try {
            const answers = await this.answer([...new Set(asked.map(({ key }) => key))]);
            for (const { key, resolve } of asked) resolve(answers.get(key));
        } catch (error) {
            for (const { reject } of asked) reject(error);
        }
        this.out--;
        if (this.out === 0 && this.queue.length > 0) void this.send();
    }
}
