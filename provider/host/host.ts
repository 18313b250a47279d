import { DEFAULT_POLICY, type Policy } from "../blnk/policy";
import type { RawConfig } from "../settings/settings";
import type { EngineWatch } from "./engineWatch";
import { ProviderContext } from "./providerContext";

/** One process of Pulumi's dynamic host, which serves the resources of one provider, of all kinds. */
export class Host {
    private provider: ProviderContext | undefined;

    constructor(
        private readonly environment: Readonly<Record<string, string | undefined>>,
        private readonly engine: Pick<EngineWatch, "isThere"> = { isThere: true },
        private readonly policy: Policy = DEFAULT_POLICY,
    ) {}

    /** What all kinds share. Each kind is handed the same configuration. */
    providerFor(config: RawConfig): ProviderContext {
        this.provider ??= new ProviderContext(config, this.environment, this.engine, this.policy);
        return this.provider;
    }
}
