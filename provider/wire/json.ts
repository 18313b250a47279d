/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether two JSON values are equal. The order of object keys does not matter. */
export function sameJson(left: unknown, right: unknown): boolean {
    // The fast path: most compared values are equal strings.
    return left === right || canonicalJson(left) === canonicalJson(right);
}

/** The value as JSON text with sorted object keys, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
    return (
        JSON.stringify(value, (_key, inner: unknown) =>
            inner !== null && typeof inner === "object" && !Array.isArray(inner)
                ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
                : inner,
        ) ?? "undefined"
    );
}
