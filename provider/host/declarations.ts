import type { OperationDeclarations } from "../kinds/context";

/**
 * What the program of this run declares: ids of things, and `<id>/<key>` for their metadata keys, each with the URN of the
 * resource that declares it. When a resource leaves the program, things that another resource declares are not touched.
 */
export class Declarations implements OperationDeclarations {
    private readonly owners = new Map<string, string>();
    private readonly checked = new Set<string>();
    private readonly made = new Set<string>();
    private readonly released = new Set<string>();
    private readonly dropped = new Set<string>();

    /** Notes that the program of this run declares a resource. */
    noteChecked(urn: string): void {
        this.checked.add(urn);
    }

    /** Whether the program of this run declares the resource. Only a refresh runs a diff without that. */
    isChecked(urn: string | undefined): boolean {
        return urn !== undefined && this.checked.has(urn);
    }

    /** Notes that a resource declares an id or key. Returns another resource that already declares it, if there is one. */
    declare(what: string, urn: string): string | undefined {
        const owner = this.owners.get(what);
        if (owner === undefined) this.owners.set(what, urn);
        return owner === urn ? undefined : owner;
    }

    /** Notes that a resource no longer declares an id or key: the thing is being replaced. */
    withdraw(what: string, urn: string): void {
        if (this.owners.get(what) === urn) this.owners.delete(what);
    }

    /** Notes that a resource clears a metadata key that it declared before. */
    noteDropped(what: string): void {
        this.dropped.add(what);
    }

    /** Whether a resource of this run clears the key: then the value still there is not another writer's. */
    isDropped(what: string): boolean {
        return this.dropped.has(what);
    }

    /** Notes that a thing was created in this run: no other writer has written to it. */
    noteMade(id: string): void {
        this.made.add(id);
    }

    /** Whether the thing was created in this run. */
    isMade(id: string): boolean {
        return this.made.has(id);
    }

    /** Notes that a thing may be released: its replacement was checked before it was created. */
    noteReleased(id: string): void {
        this.released.add(id);
    }

    /** Whether it has been checked already that the thing may be released. */
    isReleased(id: string): boolean {
        return this.released.has(id);
    }

    /** The URN of the resource of this run that declares the id or key, if any. */
    ownerOf(what: string): string | undefined {
        return this.owners.get(what);
    }
}
