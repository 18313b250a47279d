import * as pulumi from "@pulumi/pulumi";

/**
 * What of a program's values is no JSON, in sentences. Told in the program: the SDK hands over a Date, a bigint and a
 * Map as an empty object, and a function not at all. What outputs and promises hold is as the SDK makes it. Values
 * are not quoted: they may be secret.
 */
export function jsonProblems(value: unknown, path: string): string[] {
    if (typeof value === "bigint") return [`${path} is a bigint, which JSON cannot hold: give it as a string`];
    if (typeof value === "function" || typeof value === "symbol") {
        return [`${path} is a ${typeof value}, which JSON cannot hold: give plain values`];
    }
    if (value === null || typeof value !== "object" || comesLater(value)) return [];
    if (value instanceof Date) return [`${path} is a Date, which JSON cannot hold: give it as a string`];
    if (pulumi.Resource.isInstance(value)) return [`${path} is a resource, which JSON cannot hold: give its id`];
    if (Array.isArray(value)) return value.flatMap((inner, index) => jsonProblems(inner, `${path}[${index}]`));
    if (!isPlainObject(value)) {
        return [
            `${path} is an object of the class ${value.constructor?.name}, which JSON cannot hold: give plain values`,
        ];
    }
    return Object.entries(value).flatMap(([key, inner]) => jsonProblems(inner, `${path}.${key}`));
}

function comesLater(value: object): boolean {
    return pulumi.Output.isInstance(value) || pulumi.isUnknown(value) || value instanceof Promise;
}

/** Whether it is made by `{}`, `JSON.parse` and the like, in whatever realm. */
function isPlainObject(value: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
}
