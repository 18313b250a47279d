import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import * as v from "valibot";
import type { Metadata } from "../blnk/metadata";
import { printableLines } from "../blnk/words";
import { type Adoption, markingProblems, type Preflight } from "../creation/adoption";
import type { Lifecycle } from "../kinds/lifecycle";
import { MARK_KEY, markOf } from "../marks/mark";
import { mergedKeys } from "../metadata/metadata";
import { parseBinding } from "../wire/binding";
import { parseUrn } from "../wire/urn";
import { claimProblems, expectedBinding, isClaimed, markChange } from "./claims";
import { sentence } from "./errors";
import { longMarks } from "./longMarks";
import { show } from "./messages";
import { openContext } from "./operationContext";
import { type ParsedInputs, parseInputs, rivalProblem, withMemberId } from "./parseInputs";
import { type ProviderContext, recordedServer } from "./providerContext";
import { hasUnknown, knownParts, type Properties, plain, unknownValue } from "./values";

/** Pulumi's check of one resource: what is asked, normalised, with its mark, or the reasons why it cannot be. */
export async function checkResource<Inputs extends object, State extends object>(
    provider: ProviderContext,
    lifecycle: Lifecycle<Inputs, State>,
    olds: Properties,
    news: Properties,
): Promise<CheckResult> {
    const declared = parseInputs(lifecycle, olds, withMemberId(provider, news));
    const { old, urn } = declared;
    const refusal = await connectionProblem(provider, old, declared.given);
    if (refusal !== undefined) return refuse({ ...old, ...declared.given }, [refusal]);
    const given = { ...declared.given, ...(await expectedBinding(provider, declared)) };

    const unknown = new Set(Object.keys(given).filter((name) => hasUnknown(given[name])));
    const known = knownParts(given);
    const problems = [...declared.problems];
    for (const [name, problem] of misshapen(lifecycle, known)) {
        problems.push(problem);
        delete known[name];
        unknown.add(name);
    }
    const isNew = Object.keys(old).length === 0;
    const held = isNew ? provider.held.get(urn ?? "") : old;
    if (urn !== undefined && held !== undefined) provider.held.set(urn, held);
    const server = await provider.server();
    const checked = lifecycle.check({
        inputs: known as Partial<Inputs>,
        unknown,
        asIs: declared.asIs,
        isAdopting: declared.adopt !== undefined && declared.adopt !== null,
        ...(isNew ? {} : { old: old as Partial<Inputs> }),
        ...(held === undefined ? {} : { held: held as Partial<Inputs> }),
        server,
    });
    problems.push(...checked.problems);
    const isAdopted = "adopted" in given;
    // What is missing may be there under a name that was refused.
    if (!isAdopted && declared.problems.length === 0)
        problems.push(...missing(lifecycle, checked.inputs as Properties, unknown));
    problems.push(...claimProblems(lifecycle, declared));
    const rival = rivalProblem(provider, lifecycle, checked.inputs, declared);
    if (rival !== undefined) problems.push(rival);
    const adoptsMore = lifecycle.adoptsMore?.(checked.inputs, old as Partial<Inputs>) ?? false;
    const mayForesee = (isNew || adoptsMore) && problems.length === 0;
    const markNow = () => markInputs(lifecycle, withUnknown(plain(checked.inputs), given, unknown), urn).mark;
    const foreseen = mayForesee ? await foresee(provider, lifecycle, checked.inputs, declared, markNow()) : undefined;
    const asked = foreseen?.inputs ?? checked.inputs;
    problems.push(...(foreseen?.problems ?? []));
    if (problems.length > 0) return refuse(given, problems);

    const unmarked = withUnknown(plain(asked), given, unknown);
    const isUnclaimed = old.mark === undefined && !isClaimed(lifecycle, declared);
    const inputs: Properties = { ...unmarked, ...(isUnclaimed ? {} : markInputs(lifecycle, unmarked, urn)) };
    const tooLong = longMarks(lifecycle, urn, inputs, held ?? {});
    if (tooLong.length > 0) return refuse(given, tooLong);
    const isMarked = inputs.mark !== undefined && inputs.mark !== foreseen?.mark;
    if (typeof given.adopted === "string" && foreseen?.mark !== undefined) {
        provider.seenMarks.set(given.adopted, foreseen.mark);
    }
    if (typeof given.adopted === "string" && foreseen?.held !== undefined && isMarked) {
        const added = mergedKeys((inputs.metadata ?? {}) as Metadata, { [MARK_KEY]: String(inputs.mark) });
        const unmarkable = markingProblems(given.adopted, foreseen.held, added);
        if (unmarkable.length > 0) return refuse(given, unmarkable);
    }
    const says = foreseen?.says?.(isMarked) ?? markChange(lifecycle, old, inputs);
    if (says !== undefined) await show("info", urn, says);
    const change = isNew || hasUnknown(inputs) ? undefined : lifecycle.describeChange?.(asked, old as Partial<Inputs>);
    if (change !== undefined) await show("info", urn, change);
    if (isNew && !("adopted" in inputs) && !hasUnknown(inputs))
        lifecycle.lookAhead?.(provider.markIndex, inputs as Inputs);
    return { inputs, failures: [] };
}

async function connectionProblem(
    provider: ProviderContext,
    old: Properties,
    given: Properties,
): Promise<string | undefined> {
    try {
        const refusal = await provider.refusal(recordedServer({ ...given, server: old.server }));
        return refusal ?? (await provider.moved(recordedServer(old)));
    } catch (error) {
        return sentence(error);
    }
}

function misshapen<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    known: Properties,
): [name: string, problem: string][] {
    return Object.entries<v.GenericSchema>(lifecycle.inputs).flatMap(([name, schema]): [string, string][] => {
        if (known[name] === undefined) return [];
        const result = v.safeParse(schema, known[name]);
        if (result.success) return [];
        // What was received is not told: it may be a secret.
        const expected = result.issues[0].expected?.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
        return [[name, `${name} must be ${expected ?? "of another type"}`]];
    });
}

function missing<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    asked: Properties,
    unknown: ReadonlySet<string>,
): string[] {
    return lifecycle.required
        .filter((name) => asked[name] === undefined && !unknown.has(name))
        .map((name) => `${name} is missing`);
}

/** Looks at what is to be adopted or taken over. */
async function foresee<Inputs extends object, State extends object>(
    provider: ProviderContext,
    lifecycle: Lifecycle<Inputs, State>,
    inputs: Partial<Inputs>,
    { urn, adopt, adoptFrom, secret, given, old }: ParsedInputs,
    mark: unknown,
): Promise<Preflight<Inputs> | undefined> {
    if (lifecycle.preflightCreate === undefined || hasUnknown(adopt)) return undefined;
    // Only Instance, which adopts nothing, is not told its URN.
    const { project, stack } = urn === undefined ? { project: "", stack: "" } : parseUrn(urn);
    const { instance } = given;
    const isKnown = typeof instance === "string" && !hasUnknown(instance);
    const owner = isKnown ? parseBinding(instance).owner : provider.settings.owner;
    const by = { project, stack, owner };
    const adoption: Adoption | undefined =
        typeof adopt === "string" && urn !== undefined
            ? {
                  id: adopt,
                  by,
                  ...(secret && { secret }),
                  ...(typeof adoptFrom === "string" ? { from: adoptFrom } : {}),
              }
            : undefined;
    const asking = {
        by,
        ...(typeof mark === "string" && !hasUnknown(mark) ? { mark } : {}),
        ...(Object.keys(old).length === 0 ? {} : { old: old as Partial<Inputs> }),
    };
    try {
        const { context, told } = openContext(provider, await provider.server(), urn);
        const foreseen = await lifecycle.preflightCreate(context, inputs, adoption, asking);
        await Promise.all(told);
        return foreseen;
    } catch (error) {
        return { inputs, problems: [`what there is in Blnk cannot be seen: ${sentence(error)}`] };
    }
}

/** The inputs with what is not yet known of them: of an object, the parts that are known stay as they were normalised. */
function withUnknown(asked: Properties, given: Properties, unknown: ReadonlySet<string>): Properties {
    const unknownInputs = [...unknown].map((name) => {
        const [whole, part] = [given[name], asked[name]];
        const isPartly = typeof whole === "object" && typeof part === "object";
        return [name, isPartly ? { ...whole, ...part } : whole];
    });
    return { ...asked, ...Object.fromEntries(unknownInputs) };
}

function markInputs<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    inputs: Properties,
    urn: string | undefined,
): { readonly mark?: unknown; readonly under?: string } {
    // Without an instance where one that could not be made is passed over (`--continue-on-error`): nothing will be made.
    if (lifecycle.identify === undefined || inputs.instance === undefined) return {};
    const needed = [inputs.instance, ...lifecycle.replaceOn.map((name) => inputs[name])];
    if (urn === undefined || needed.some(hasUnknown)) return { mark: unknownValue };
    const { owner } = parseBinding(String(inputs.instance));
    const { under } = parseUrn(urn);
    return { mark: markOf(owner, urn, lifecycle.identify(inputs as Inputs)), ...(under === "" ? {} : { under }) };
}

function refuse(inputs: Properties, reasons: readonly string[]): CheckResult {
    // Without a property: the engine prints the value of a property that it is told of, secrets included.
    const failures: CheckFailure[] = reasons.map((reason) => ({ property: "", reason: printableLines(reason) }));
    return { inputs, failures };
}
