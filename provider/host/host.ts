import { DEFAULT_POLICY, type Policy } from "../blnk/policy";
import type { RawConfig } from "../settings/settings";
import type { EngineWatch } from "./engineWatch";
import { ProviderContext } from "./providerContext";

/** One process of Pulumi's dynamic host. It serves all kinds of resources of one provider. */
export class Host {
    private provider: ProviderContext | undefined;

    constructor(
        private readonly environment: Readonly<Record<string, string | undefined>>,
        private readonly engine: Pick<EngineWatch, "isThere"> = { isThere: true },
        private readonly policy: Policy = DEFAULT_POLICY,
    ) {}

    /** The context that all kinds share. Each kind gets the same configuration. */
    providerFor(config: RawConfig): ProviderContext {
        this.provider ??= new ProviderContext(config, this.environment, this.engine, this.policy);
        return this.provider;
    }
}
