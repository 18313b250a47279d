import { Hono } from "hono";
import type { Settings } from "../settings";
import type { Waiting } from "../waiting";
import { answer, noRoute, Refusal, refusalAnswer } from "./answers";
import { balanceRoutes } from "./balances";
import { identityRoutes } from "./identities";
import { CoreKeys } from "./keys";
import { ledgerRoutes } from "./ledgers";
import { listRoutes } from "./lists";
import { matchingRuleRoutes } from "./matchingRules";
import { metadataRoutes } from "./metadata";
import { monitorRoutes } from "./monitors";
import { settlementRoutes } from "./settlement";
import { CoreState } from "./state";
import { transactionRoutes } from "./transactions";

/** One Core instance in memory: its rows, its keys and its routes, as of Core 0.15.2. */
export class Core {
    readonly state: CoreState;
    readonly keys: CoreKeys;
    private readonly app = new Hono();

    constructor(settings: Settings, waiting: Waiting, masterKey: string) {
        this.state = new CoreState(settings, waiting);
        this.keys = new CoreKeys(masterKey);
        const { app, state } = this;
        app.onError((error) => refusalAnswer(asRefusal(error)));
        app.notFound(noRoute);
        app.get("/", () => answer(200, "server running..."));
        app.get("/health", () => answer(200, { status: "UP" }));
        listRoutes(app, state);
        ledgerRoutes(app, state);
        balanceRoutes(app, state);
        identityRoutes(app, state);
        settlementRoutes(app, state);
        transactionRoutes(app, state);
        matchingRuleRoutes(app, state);
        monitorRoutes(app, state);
        metadataRoutes(app, state);
    }

    /** Answers a request that carries a key. */
    async handle(request: Request): Promise<Response> {
        try {
            return await this.app.fetch(await this.keys.admit(request));
        } catch (cause) {
            return refusalAnswer(asRefusal(cause));
        }
    }
}

function asRefusal(cause: unknown): Refusal {
    return cause instanceof Refusal ? cause : new Refusal(500, "GEN_INTERNAL", "internal server error");
}
