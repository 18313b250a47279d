import * as pulumi from "@pulumi/pulumi";
import { notJson } from "../wire/notJson";

/**
 * Values of a program that are not JSON, as sentences. The program must check this: the SDK sends a Date, a bigint or a Map as an
 * empty object, and no functions at all. Values inside outputs and promises are checked later, by
 * {@link withLateValuesMarked}. Values are not quoted: they may be secret.
 */
export function jsonProblems(value: unknown, path: string, around: readonly object[] = []): string[] {
    const why = whyNotJson(value, around);
    if (why !== undefined) return [`${path} ${why}`];
    if (!isStructure(value)) return [];
    const inside = [...around, value];
    if (Array.isArray(value)) return value.flatMap((inner, index) => jsonProblems(inner, `${path}[${index}]`, inside));
    return Object.entries(value).flatMap(([key, inner]) => jsonProblems(inner, `${path}.${key}`, inside));
}

/** Outputs that hold only an id. They are not checked: that would take time. */
const ids = new WeakSet<object>();

/** Notes that an output holds an id, or a value that was checked already. */
export function holdsId<T>(output: T): T {
    if (typeof output === "object" && output !== null) ids.add(output);
    return output;
}

/**
 * The same value, whose outputs and promises yield a placeholder where they hold anything that is not JSON. The check, which
 * runs before any write, reports it. Outputs stay secret or known, and keep their dependencies.
 */
export function withLateValuesMarked(value: unknown): unknown {
    if (value === null || typeof value !== "object" || ids.has(value)) return value;
    if (pulumi.Output.isInstance(value)) return value.apply((now) => marked(now, []));
    if (value instanceof Promise) return value.then((now) => marked(now, []));
    return isStructure(value) ? mapped(value, withLateValuesMarked) : value;
}

/** A resolved value, with placeholders where it is not JSON. */
export function marked(value: unknown, around: readonly object[] = []): unknown {
    const why = whyNotJson(value, around);
    if (why !== undefined) return notJson(why);
    if (!isStructure(value)) return withLateValuesMarked(value);
    const inside = [...around, value];
    return mapped(value, (inner) => marked(inner, inside));
}

/** The structure with each value changed; the same object if none changes. */
function mapped(structure: object, change: (value: unknown) => unknown): unknown {
    if (Array.isArray(structure)) {
        const values = structure.map(change);
        return values.every((value, index) => value === structure[index]) ? structure : values;
    }
    const entries = Object.entries(structure);
    const changed = entries.map(([key, value]) => [key, change(value)] as const);
    return changed.every(([, value], index) => value === entries[index]?.[1]) ? structure : Object.fromEntries(changed);
}

/** Why a value is not JSON: the rest of a sentence that begins with its path. */
function whyNotJson(value: unknown, around: readonly object[]): string | undefined {
    if (typeof value === "bigint") return "is a bigint, which JSON cannot hold: give it as a string";
    if (typeof value === "function" || typeof value === "symbol") {
        return `is a ${typeof value}, which JSON cannot hold: give plain values`;
    }
    if (value === null || typeof value !== "object" || comesLater(value)) return undefined;
    if (value instanceof Date) return "is a Date, which JSON cannot hold: give it as a string";
    if (pulumi.Resource.isInstance(value)) return "is a resource, which JSON cannot hold: give its id";
    if (around.includes(value)) return "is an object that holds itself, which JSON cannot hold: give plain values";
    if (!isStructure(value)) {
        const { constructor: type } = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } };
        return `is an object of the class ${type?.name}, which JSON cannot hold: give plain values`;
    }
    // JavaScript would lose this key.
    return Object.hasOwn(value, "__proto__")
        ? 'has the key "__proto__", which is not allowed: choose another'
        : undefined;
}

function comesLater(value: object): boolean {
    return pulumi.Output.isInstance(value) || pulumi.isUnknown(value) || value instanceof Promise;
}

/** Whether a value is an array or a plain object, such as from `{}` or `JSON.parse`, in any realm. */
export function isStructure(value: unknown): value is object {
    if (value === null || typeof value !== "object" || comesLater(value)) return false;
    if (Array.isArray(value)) return true;
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
}
