/** The only key of an object that replaces a value that is not JSON. No state holds it. */
const NOT_JSON = "pulumi-blnk:notJson:8f1c6a52-5f0e-4a0b-9d6e-3b0f4c1d7e29";

/** Replaces a value that is not JSON on its way to the host. `why` completes a sentence that begins with the value's path. */
export function notJson(why: string): Readonly<Record<string, string>> {
    return { [NOT_JSON]: why };
}

/** The problems of values that are not JSON, at any depth, each with its path. */
export function notJsonProblems(value: unknown, path: string): string[] {
    if (value === null || typeof value !== "object") return [];
    if (Array.isArray(value)) return value.flatMap((inner, index) => notJsonProblems(inner, `${path}[${index}]`));
    return Object.entries(value).flatMap(([key, inner]) =>
        key === NOT_JSON ? [`${path} ${inner}`] : notJsonProblems(inner, `${path}.${key}`),
    );
}
