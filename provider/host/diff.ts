import type { DiffResult } from "@pulumi/pulumi/dynamic";
import { takenAway } from "../creation/adoption";
import type { OperationContext } from "../kinds/context";
import { parseMark, withId } from "../marks/mark";
import { parseBinding } from "../wire/binding";
import { sameJson } from "../wire/json";
import { noteDeclared, noteReplaced } from "./declared";
import { sentence, shown } from "./errors";
import type { HostedKind } from "./hostedKind";
import { operate } from "./operation";
import type { ProviderContext } from "./providerContext";
import { hasUnknown, knownOnly, knownParts, type Properties } from "./values";

/** One diff: a resource in the state, and as the program declares it. */
interface Comparison<Inputs extends object, State extends object> {
    readonly provider: ProviderContext;
    readonly kind: HostedKind<Inputs, State>;
    readonly id: string;
    readonly olds: Properties;
    readonly news: Properties;
}

/** Pulumi's diff of one resource. If `up` would refuse the change, throws the same error in previews too. */
export async function diffResource<Inputs extends object, State extends object>(
    comparison: Comparison<Inputs, State>,
): Promise<DiffResult> {
    const { provider, kind, id, olds, news } = comparison;
    const { lifecycle } = kind;
    const objection = objectionTo(comparison);
    if (objection !== undefined) throw shown(new Error(objection));
    kind.noteKnown(provider, olds);
    const before = kind.inputsIn(olds);
    const changed = kind.inputNames.filter((name) => isChanged(name, before[name], news[name]));
    // A failed update left something open: another update must finish it.
    const isOpen = olds.unsettled !== undefined;
    const replaces = changed.filter((name) => (lifecycle.replaceOn as readonly string[]).includes(name));
    if (replaces.length > 0) noteReplaced(provider, kind, id, olds, news);
    else {
        noteDeclared(provider, kind, { id, inputs: news, state: olds, before });
        if (changed.length > 0 || isOpen) await preflightUpdate(comparison);
        const staying = lifecycle.members?.staying(kind.bare(olds) as State, kind.bare(news) as Inputs);
        if (staying !== undefined) provider.staying.set(id, staying);
    }
    if (changed.length > 0) await checkRelease(comparison, replaces);
    // No `changes` where inputs differ: the engine then compares them itself and shows the difference.
    return changed.length > 0 ? { replaces } : { changes: isOpen };
}

/** Why the declaration of a resource with this id is refused, if it is. */
function objectionTo<Inputs extends object, State extends object>(
    comparison: Comparison<Inputs, State>,
): string | undefined {
    const { provider, kind, id, olds, news } = comparison;
    const { adopted, ...inputs } = news;
    const problem = provider.settingsProblem;
    if (problem !== undefined) return problem;
    if (typeof adopted === "string" && adopted !== id && !hasUnknown(adopted)) {
        const what = kind.lifecycle.describe(kind.bare(inputs) as Partial<Inputs>, id);
        return `${withId(what, id)} cannot adopt ${adopted} as well: declare another resource for that.`;
    }
    const other = takenBy(olds);
    // Not in a refresh, which runs a diff without a check before it.
    if (other !== undefined && other !== news.mark && isDeclared(comparison)) return takenAway(id, other);
    const context = { configuredOwner: provider.settings.owner, markIndex: provider.markIndex };
    return kind.lifecycle.objection?.(context, id, kind.bare(news) as Inputs, kind.bare(olds) as State);
}

/** Reads what an update would change, as far as the inputs are known. */
async function preflightUpdate<Inputs extends object, State extends object>(
    comparison: Comparison<Inputs, State>,
): Promise<void> {
    const { kind, id, news } = comparison;
    const { lifecycle } = kind;
    if (lifecycle.preflightUpdate === undefined || !isDeclared(comparison)) return;
    const known = kind.bare(knownParts(news)) as Partial<Inputs>;
    await lookBefore("update", comparison, async (context, state) => {
        await lifecycle.preflightUpdate?.(context, id, state, known);
    });
}

/**
 * Refuses a change that would release a thing that must stay managed, in previews too. A value that is not known yet does not
 * prove a change. A refresh, which runs a diff without a check before it, is not checked.
 */
async function checkRelease<Inputs extends object, State extends object>(
    comparison: Comparison<Inputs, State>,
    replaces: readonly string[],
): Promise<void> {
    const { provider, kind, id, olds, news } = comparison;
    const { lifecycle } = kind;
    // If the new mark is not known yet, the old one names the resource.
    const urn = kind.urnIn(provider, news) ?? kind.urnIn(provider, olds);
    if (lifecycle.checkRelease === undefined || !provider.declarations.isChecked(urn)) return;
    if (hasUnknown(news.onDelete)) return;
    const certain = replaces.filter((name) => !hasUnknown(news[name]));
    // An unknown value may turn out to be the old one, so this only warns.
    const isUncertain = replaces.length > 0 && certain.length === 0;
    const names = isUncertain ? replaces : certain;
    const inputs = kind.bare(knownOnly(news) as Properties) as Partial<Inputs>;
    await lookBefore(names.length > 0 ? "replace" : "update", comparison, async (context, state) => {
        const checking = lifecycle.checkRelease?.(context, id, state, inputs, names);
        if (!isUncertain) return checking;
        const refusal = await checking?.then(() => undefined, sentence);
        if (refusal !== undefined) {
            context.warn(`"pulumi up" will fail if ${names.join(" and ")} really changes: ${refusal}`);
        }
    });
}

/** Reads a resource before it is changed, on the server that its new binding names. */
async function lookBefore<Inputs extends object, State extends object>(
    verb: "update" | "replace",
    { provider, kind, id, olds, news }: Comparison<Inputs, State>,
    look: (context: OperationContext, state: State) => Promise<void>,
): Promise<void> {
    const properties = { ...olds, instance: news.instance };
    await operate(
        () => provider,
        kind,
        { verb, properties, id },
        (context) => look(context, kind.bare(olds) as State),
    );
}

/** Whether the program of this run has declared the resource. */
function isDeclared<Inputs extends object, State extends object>({
    provider,
    kind,
    id,
    news,
}: Comparison<Inputs, State>): boolean {
    return provider.declarations.isChecked(kind.urnIn(provider, news) ?? provider.declarations.ownerOf(id));
}

function isChanged(name: string, old: unknown, now: unknown): boolean {
    // An unknown mark only follows from other unknown inputs.
    if (name === "mark" && hasUnknown(now)) return false;
    return !sameJson(old ?? null, now ?? null);
}

/** The mark of another stack that a refresh found on a thing, if any. */
function takenBy({ takenBy: other, mark, instance }: Properties): string | undefined {
    if (typeof other === "string") return other;
    // States of 0.1.0 hold it in place of their own mark.
    const isOther = typeof instance === "string" && parseMark(mark)?.owner !== parseBinding(instance).owner;
    return typeof mark === "string" && isOther && parseMark(mark) !== undefined ? mark : undefined;
}
