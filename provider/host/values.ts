/** The strings that mean "not known yet" in a preview, one for each type on the wire. */
const UNKNOWN = new Set([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** The answer for a value that is not known yet. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource's properties as Pulumi passes them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Whether any part of the value is not known yet. */
export function hasUnknown(value: unknown): boolean {
    if (typeof value === "string") return UNKNOWN.has(value);
    if (value === null || typeof value !== "object") return false;
    return Object.values(value).some(hasUnknown);
}

/** The value without its unknown parts; undefined if nothing is left. */
export function knownPart(value: unknown): unknown {
    if (!hasUnknown(value)) return value;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    return Object.fromEntries(
        Object.entries(value).flatMap(([key, inner]) => (hasUnknown(inner) ? [] : [[key, inner]])),
    );
}

/** The known parts of properties. Wholly unknown properties are left out. */
export function knownParts(given: Properties): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(given).flatMap(([name, value]) => {
            const part = knownPart(value);
            return part === undefined ? [] : [[name, part]];
        }),
    );
}

/** The value with undefined in place of unknown parts. Keys stay, so that none seems to be dropped. */
export function knownOnly(value: unknown): unknown {
    if (typeof value === "string") return UNKNOWN.has(value) ? undefined : value;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(knownOnly);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, knownOnly(inner)]));
}

/**
 * The properties as plain JSON without undefined. Otherwise the host fails after a create has run, and the created thing is
 * lost from the state.
 */
export function plain(properties: object): Record<string, unknown> {
    return JSON.parse(JSON.stringify(properties)) as Record<string, unknown>;
}

/** How Pulumi writes a secret on the wire. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/**
 * An output of an operation that failed after part of it was done. The engine keeps outputs secret by the paths of the new
 * inputs. A value that the new program no longer declares has no such path and may have been secret, so it is kept as a secret.
 */
export function keptSecret(
    name: string,
    value: unknown,
    inputs: Properties,
    members: { readonly input: string; readonly remembered: readonly string[] } | undefined,
): unknown {
    const declared = inputs[name];
    if (name === "metadata") return secretWhereUndeclared(value, declared);
    if (name !== members?.input || !isRecord(value) || !isRecord(declared)) return value;
    const kept = Object.entries(value).map(([key, member]) => {
        const asked = Object.hasOwn(declared, key) ? declared[key] : undefined;
        if (!isRecord(member) || !isRecord(asked)) return [key, secretWhereUndeclared(member, asked)];
        const parts = Object.entries(member).map(([part, inner]) => [
            part,
            members.remembered.includes(part) ? inner : secretWhereUndeclared(inner, asked[part]),
        ]);
        return [key, Object.fromEntries(parts)];
    });
    return Object.fromEntries(kept);
}

function secretWhereUndeclared(value: unknown, declared: unknown): unknown {
    if (declared === undefined || declared === null) return { ...SECRET, value };
    if (!isRecord(value) || !isRecord(declared)) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
            key,
            secretWhereUndeclared(inner, Object.hasOwn(declared, key) ? declared[key] : undefined),
        ]),
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
