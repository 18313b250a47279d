/** The type token of one kind, such as `pulumi-nodejs:dynamic/blnk:Ledger`. Never change it: it is part of every URN. */
export function typeToken(kind: string): string {
    return `pulumi-nodejs:dynamic/blnk:${kind}`;
}
