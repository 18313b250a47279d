/** The parts of a URN: they say which resource of which stack it is. */
export interface Place {
    readonly project: string;
    readonly stack: string;
    /** The types of its parent components and `$`, such as `shop:Tenant$`. Empty without a parent. */
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

/** The URN with these parts. */
export function formatUrn({ project, stack, under, type, name }: Place): string {
    return `urn:pulumi:${stack}::${project}::${under}${type}::${name}`;
}

/** The name of a resource in messages, such as `Ledger "customers"`. */
export function labelOf(urn: string): string {
    const { type, name } = parseUrn(urn);
    return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}
