import * as pulumi from "@pulumi/pulumi";
import { didYouMean } from "../wire/nearest";

/** A list of all names of arguments. */
export type Known<Args> = Readonly<Record<NamesOf<Args>, true>>;

/** The names of all members, in every part of a union. */
export type NamesOf<Args> = Args extends unknown ? keyof Args & string : never;

/** The arguments, if they are an object; otherwise none. */
export function argumentsIn<Args extends object>(args: Args | undefined): Partial<Args> {
    return args === undefined || args === null || otherThanObject(args) !== undefined ? {} : args;
}

/**
 * Problems with the names of arguments, as sentences. Undefined counts as not given. Values are not quoted: they may be
 * secret.
 */
export function argumentProblems(
    args: unknown,
    known: Readonly<Record<string, true>>,
    noun: "argument" | "option" = "argument",
): string[] {
    if (args === undefined || args === null) return [];
    const other = otherThanObject(args);
    if (other !== undefined) {
        return [`the ${noun}s are ${other}: pass an object with the names ${Object.keys(known).join(", ")}`];
    }
    return Object.entries(args)
        .filter(([name, value]) => value !== undefined && !Object.hasOwn(known, name))
        .map(([name]) => {
            const names = Object.keys(known);
            return `unknown ${noun} "${name}"${didYouMean(name, names) || `; known ${noun}s: ${names.join(", ")}`}`;
        });
}

/** What was passed instead of an object; undefined if it is an object. */
function otherThanObject(args: unknown): string | undefined {
    if (typeof args !== "object" || args === null) return `a ${typeof args}`;
    if (pulumi.Output.isInstance(args)) return "an output";
    if (args instanceof Promise) return "a promise";
    if (Array.isArray(args)) return "an array";
    if (pulumi.Resource.isInstance(args)) return "a resource";
    return undefined;
}
