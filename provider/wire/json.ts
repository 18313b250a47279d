/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether two JSON values are equal, the order of object keys aside. */
export function sameJson(left: unknown, right: unknown): boolean {
    // Most of what is compared is text that has not changed.
    return left === right || canonicalJson(left) === canonicalJson(right);
}

/** The value as JSON text with object keys in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
    return (
        JSON.stringify(value, (_key, inner: unknown) =>
            inner !== null && typeof inner === "object" && !Array.isArray(inner)
                ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
                : inner,
        ) ?? "undefined"
    );
}
