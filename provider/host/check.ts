import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import * as v from "valibot";
import type { Metadata } from "../blnk/metadata";
import { printableLines } from "../blnk/words";
import { markingProblems } from "../creation/adoption";
import type { Lifecycle } from "../kinds/lifecycle";
import { MARK_KEY } from "../marks/mark";
import { mergedKeys } from "../metadata/metadata";
import { claimProblems, expectedBinding, isClaimed, markChange } from "./claims";
import { sentence } from "./errors";
import { type HostedKind, placed } from "./hostedKind";
import { longMarks } from "./longMarks";
import { markInputs } from "./marking";
import { show } from "./messages";
import { parseInputs, rivalProblem, withMemberId } from "./parseInputs";
import { preflightCreate } from "./preflightCreate";
import { type ProviderContext, recordedServer } from "./providerContext";
import { hasUnknown, knownParts, type Properties, plain } from "./values";

/** Pulumi's check of one resource: returns the normalised inputs with the mark, or the reasons for a refusal. */
export async function checkResource<Inputs extends object, State extends object>(
    provider: ProviderContext,
    kind: HostedKind<Inputs, State>,
    olds: Properties,
    news: Properties,
): Promise<CheckResult> {
    const { lifecycle } = kind;
    const declared = parseInputs(kind, olds, withMemberId(provider, news));
    const { old, urn } = declared;
    const refusal = await connectionProblem(provider, old, declared.given);
    if (refusal !== undefined) return refuse({ ...old, ...declared.given }, [refusal]);
    const given = { ...declared.given, ...(await expectedBinding(provider, declared)) };

    const unknown = new Set(Object.keys(given).filter((name) => hasUnknown(given[name])));
    const known = knownParts(given);
    const problems = [...declared.problems];
    for (const [name, problem] of shapeProblems(lifecycle, known)) {
        problems.push(problem);
        delete known[name];
        unknown.add(name);
    }
    const isNew = Object.keys(old).length === 0;
    const held = isNew ? provider.held.get(urn ?? "") : old;
    if (urn !== undefined && held !== undefined) provider.held.set(urn, held);
    const before = kind.bare(old) as Partial<Inputs>;
    const checked = lifecycle.check({
        inputs: kind.bare(known) as Partial<Inputs>,
        unknown,
        asIs: declared.asIs,
        isAdopting: declared.adopt !== undefined && declared.adopt !== null,
        ...(isNew ? {} : { old: before }),
        ...(held === undefined ? {} : { held: kind.bare(held) as Partial<Inputs> }),
        server: await provider.server(),
    });
    problems.push(...checked.problems);
    const isAdopted = "adopted" in given;
    // A missing input may have been given under a misspelt name, which is refused already.
    if (!isAdopted && declared.problems.length === 0)
        problems.push(...missingProblems(lifecycle, checked.inputs as Properties, unknown));
    problems.push(...claimProblems(kind, declared));
    const rival = rivalProblem(provider, kind, checked.inputs, declared);
    if (rival !== undefined) problems.push(rival);
    const whole = (asked: object) => withUnknown(plain({ ...asked, ...placed(given) }), given, unknown);
    const adoptsMore = lifecycle.members?.adoptsMore(checked.inputs, before) ?? false;
    const mustLook = (isNew || adoptsMore) && problems.length === 0;
    const markNow = () => markInputs(kind, whole(checked.inputs), urn).mark;
    const seen = mustLook ? await preflightCreate(provider, kind, checked.inputs, declared, markNow()) : undefined;
    const asked = seen?.inputs ?? checked.inputs;
    problems.push(...(seen?.problems ?? []));
    if (problems.length > 0) return refuse(given, problems);

    const unmarked = whole(asked);
    const isUnclaimed = old.mark === undefined && !isClaimed(kind, declared);
    const inputs: Properties = { ...unmarked, ...(isUnclaimed ? {} : markInputs(kind, unmarked, urn)) };
    const tooLong = longMarks(kind, urn, inputs, held ?? {});
    if (tooLong.length > 0) return refuse(given, tooLong);
    const isMarked = inputs.mark !== undefined && inputs.mark !== seen?.mark;
    if (typeof given.adopted === "string" && seen?.mark !== undefined) {
        provider.seenMarks.set(given.adopted, seen.mark);
    }
    if (typeof given.adopted === "string" && seen?.held !== undefined && isMarked) {
        const added = mergedKeys((inputs.metadata ?? {}) as Metadata, { [MARK_KEY]: String(inputs.mark) });
        const unmarkable = markingProblems(given.adopted, seen.held, added);
        if (unmarkable.length > 0) return refuse(given, unmarkable);
    }
    const isKnown = !hasUnknown(inputs);
    const says = [
        seen?.says?.(isMarked) ?? markChange(kind, old, inputs),
        isNew || !isKnown ? undefined : lifecycle.members?.describeChange(asked, before),
    ];
    for (const text of says) if (text !== undefined) await show("info", urn, text);
    if (isNew && !isAdopted && isKnown) lifecycle.lookAhead?.(provider.markIndex, kind.bare(inputs) as Inputs);
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

function shapeProblems<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    known: Properties,
): [name: string, problem: string][] {
    return Object.entries<v.GenericSchema>(lifecycle.inputs).flatMap(([name, schema]): [string, string][] => {
        if (known[name] === undefined) return [];
        const result = v.safeParse(schema, known[name]);
        if (result.success) return [];
        // The message does not quote the value: it may be a secret.
        const expected = result.issues[0].expected?.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
        const article = /^[a-z]+$/.test(expected ?? "") ? "a " : "";
        return [[name, `${name} must be ${article}${expected ?? "of another type"}`]];
    });
}

function missingProblems<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    asked: Properties,
    unknown: ReadonlySet<string>,
): string[] {
    return lifecycle.required
        .filter((name) => asked[name] === undefined && !unknown.has(name))
        .map((name) => `${name} is missing`);
}

/** Adds the values that are not known yet to the inputs. Of an object, the known parts stay normalised. */
function withUnknown(asked: Properties, given: Properties, unknown: ReadonlySet<string>): Properties {
    const unknownInputs = [...unknown].map((name) => {
        const [whole, part] = [given[name], asked[name]];
        const isPartly = typeof whole === "object" && typeof part === "object";
        return [name, isPartly ? { ...whole, ...part } : whole];
    });
    return { ...asked, ...Object.fromEntries(unknownInputs) };
}

function refuse(inputs: Properties, reasons: readonly string[]): CheckResult {
    // Without a property: the engine prints the value of a property that a failure names, secrets included.
    const failures: CheckFailure[] = reasons.map((reason) => ({ property: "", reason: printableLines(reason) }));
    return { inputs, failures };
}
