import { PAGE_ROWS } from "../blnk/records";

interface Asked<Answer> {
    readonly key: string;
    readonly resolve: (answer: Answer | undefined) => void;
    readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked one by one into questions to the server: what has queued while one was out is asked in the next. As
 * many as one question holds are asked at once, so that the questions of many who ask together do not wait for each other.
 */
export class Batcher<Answer> {
    private queue: Asked<Answer>[] = [];
    private out = 0;

    /** `answer` asks one question, of {@link PAGE_ROWS} different keys at most; a key without an answer is left out. */
    constructor(private readonly answer: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>) {}

    /** The answer to one key. Rejects where the question that it was asked in fails. */
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
