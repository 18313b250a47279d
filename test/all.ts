/** `npm run test:all`: every check and test there is, one part after the other, and one line that sums them all up. */
import { type Counts, finish, lineOf, runPart } from "./parts";

/** Scripts of package.json. */
const PARTS = ["check", "test:quick", "test:oldest", "test:faults", "test:matrix", "test:bench"];

async function main(): Promise<void> {
    process.env.FAULTS_PAGE = "leave";
    const done: Counts[] = [];
    const told: string[] = [];
    for (const part of PARTS) {
        const started = performance.now();
        const counts = await runPart("npm", ["run", "--silent", part]);
        done.push(counts);
        told.push(`${part}: ${lineOf(counts)} in ${Math.round((performance.now() - started) / 1000)} s`);
        // All others stand on it, and would only repeat the failure.
        if (part === "check" && counts.failed > 0) break;
    }
    process.stdout.write(`\n${told.join("\n")}\n`);
    finish(done);
}

void main();
