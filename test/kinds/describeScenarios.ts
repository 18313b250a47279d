import { MODES } from "../blnk/connections";
import { type Scenario, take } from "./scenario";
import { sandboxGround } from "./servers";

/** Takes each walk on a sandbox, through Blnk Cloud and straight to a Core. */
export function describeWalks(what: string, walks: readonly Scenario[]): void {
    for (const mode of MODES) {
        describe(`the life of ${what} over ${mode}`, () => {
            for (const walk of walks) {
                it(walk.title, async () => {
                    const ground = await sandboxGround(mode);
                    try {
                        await take(walk, ground);
                    } finally {
                        await ground.stop();
                    }
                });
            }
        });
    }
}
