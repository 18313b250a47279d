/** Where a resource stands in the world of stacks. */
export interface Place {
    readonly project: string;
    readonly stack: string;
    /** The types of the components around it and `$`, such as `shop:Tenant$`, or nothing. */
    readonly under: string;
    readonly type: string;
    readonly name: string;
}

/** The parts of a URN. */
export function parseUrn(urn: string): Place {
    const match = /^urn:pulumi:((?:(?!::).)*)::((?:(?!::).)*)::(?:((?:(?!::).)*)\$)?((?:(?!::).)*)::(.*)$/s.exec(urn);
    if (!match) throw new Error(`"${urn}" is not a URN`);
    const [, stack = "", project = "", under, type = "", name = ""] = match;
    return { project, stack, under: under === undefined ? "" : `${under}$`, type, name };
}

/** The URN of a place. */
export function formatUrn({ project, stack, under, type, name }: Place): string {
    return `urn:pulumi:${stack}::${project}::${under}${type}::${name}`;
}

/** What to call a resource in sentences, such as `Ledger "customers"`. */
export function labelOf(urn: string): string {
    const { type, name } = parseUrn(urn);
    return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}
