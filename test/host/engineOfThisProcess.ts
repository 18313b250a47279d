import { type FakeEngine, type Message, startFakeEngine } from "./fakeEngine";

// A host finds its engine by the last argument of its process, and keeps the connection: so there is one engine per process.
let engine: FakeEngine | undefined;

before(async () => {
    engine = await startFakeEngine();
    process.argv.push(engine.address);
});

after(() => {
    engine?.stop();
    process.argv.pop();
});

/** The displayed messages since the last call. */
export function takeMessages(): readonly Message[] {
    return engine?.take() ?? [];
}
