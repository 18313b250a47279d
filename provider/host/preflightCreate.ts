import type { Adoption, Preflight } from "../creation/adoption";
import { parseUrn } from "../wire/urn";
import { sentence } from "./errors";
import type { HostedKind } from "./hostedKind";
import { openContext, ownerIn } from "./operationContext";
import type { ParsedInputs } from "./parseInputs";
import type { ProviderContext } from "./providerContext";
import { hasUnknown } from "./values";

/** Reads what a resource is to adopt or take over, before any write. */
export async function preflightCreate<Inputs extends object, State extends object>(
    provider: ProviderContext,
    kind: HostedKind<Inputs, State>,
    inputs: Partial<Inputs>,
    declared: ParsedInputs,
    mark: unknown,
): Promise<Preflight<Inputs> | undefined> {
    const { lifecycle } = kind;
    const { urn, adopt, given, old } = declared;
    if (lifecycle.preflightCreate === undefined || hasUnknown(adopt)) return undefined;
    // Only an Instance has no URN here, and it adopts nothing.
    const { project, stack } = urn === undefined ? { project: "", stack: "" } : parseUrn(urn);
    const by = { project, stack, owner: ownerIn(given.instance) ?? provider.settings.owner };
    const asking = {
        by,
        ...(typeof mark === "string" && !hasUnknown(mark) ? { mark } : {}),
        ...(Object.keys(old).length === 0 ? {} : { old: kind.bare(old) as Partial<Inputs> }),
    };
    try {
        const { context, sent } = openContext(provider, await provider.server(), urn, given.instance);
        const preflight = await lifecycle.preflightCreate(context, inputs, adoptionIn(declared, by), asking);
        await Promise.all(sent);
        return preflight;
    } catch (error) {
        return { inputs, problems: [`Could not read from Blnk: ${sentence(error)}`] };
    }
}

function adoptionIn({ urn, adopt, adoptFrom, secret }: ParsedInputs, by: Adoption["by"]): Adoption | undefined {
    if (typeof adopt !== "string" || urn === undefined) return undefined;
    return {
        id: adopt,
        by,
        ...(secret && { secret }),
        ...(typeof adoptFrom === "string" ? { from: adoptFrom } : {}),
    };
}
