import { type FakeEngine, type Message, startFakeEngine } from "./fakeEngine";

// A host finds its engine by the last argument of its process, and keeps the connection: so this process has one engine.
let engine: FakeEngine | undefined;

before(async () => {
    engine = await startFakeEngine();
    process.argv.push(engine.address);
});

after(() => {
    engine?.stop();
    process.argv.pop();
});

/** The messages for people since this was last asked. */
export function takeMessages(): readonly Message[] {
    return engine?.take() ?? [];
}
