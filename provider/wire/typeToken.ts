/** The type token of one kind, such as `pulumi-nodejs:dynamic/blnk:Ledger`. Part of every URN, so for ever. */
export function typeToken(kind: string): string {
    return `pulumi-nodejs:dynamic/blnk:${kind}`;
}
