/**
 * What the program of this run declares: ids of things, and `<id>/<key>` for keys of their metadata, each with the URN of
 * the resource that declares it. Letting go of something that has a living owner must not touch it.
 */
export class AliveRegistry {
    private readonly owners = new Map<string, string>();

    /** Notes that a resource declares something; returns another resource that already does, if there is one. */
    declare(what: string, urn: string): string | undefined {
        const owner = this.owners.get(what);
        if (owner === undefined) this.owners.set(what, urn);
        return owner === urn ? undefined : owner;
    }

    /** The resource of this run that declares it, if any. */
    ownerOf(what: string): string | undefined {
        return this.owners.get(what);
    }
}
