/** The only key of an object that stands for a value that is no JSON. For one run: no state holds it. */
const NOT_JSON = "pulumi-blnk:notJson:8f1c6a52-5f0e-4a0b-9d6e-3b0f4c1d7e29";

/** What a program hands over in place of a value that is no JSON. `why` is the rest of a sentence about it. */
export function notJson(why: string): Readonly<Record<string, string>> {
    return { [NOT_JSON]: why };
}

/** The sentences about values that are no JSON, at any depth, each with its path. */
export function notJsonProblems(value: unknown, path: string): string[] {
    if (value === null || typeof value !== "object") return [];
    if (Array.isArray(value)) return value.flatMap((inner, index) => notJsonProblems(inner, `${path}[${index}]`));
    return Object.entries(value).flatMap(([key, inner]) =>
        key === NOT_JSON ? [`${path} ${inner}`] : notJsonProblems(inner, `${path}.${key}`),
    );
}
