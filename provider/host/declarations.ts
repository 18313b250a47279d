import type { OperationDeclarations } from "../kinds/context";

/**
 * What the program of this run declares: ids of things, and `<id>/<key>` for keys of their metadata, each with the URN of
 * the resource that declares it. What another resource declares is not touched when one leaves the program.
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

    /** Whether the program of this run declares the resource: a refresh alone compares without that. */
    isChecked(urn: string | undefined): boolean {
        return urn !== undefined && this.checked.has(urn);
    }

    /** Notes that a resource declares something; returns another resource that already does, if there is one. */
    declare(what: string, urn: string): string | undefined {
        const owner = this.owners.get(what);
        if (owner === undefined) this.owners.set(what, urn);
        return owner === urn ? undefined : owner;
    }

    /** Notes that a resource goes on with something no longer: it is being replaced. */
    withdraw(what: string, urn: string): void {
        if (this.owners.get(what) === urn) this.owners.delete(what);
    }

    /** Notes that a resource clears a key of metadata, which it declared before. */
    noteDropped(what: string): void {
        this.dropped.add(what);
    }

    /** Whether a resource of this run clears the key: what it still holds is nobody else's. */
    isDropped(what: string): boolean {
        return this.dropped.has(what);
    }

    /** Notes that a thing was made in this run: it holds nothing that anybody else put there. */
    noteMade(id: string): void {
        this.made.add(id);
    }

    /** Whether the thing was made in this run. */
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

    /** The resource of this run that declares it, if any. */
    ownerOf(what: string): string | undefined {
        return this.owners.get(what);
    }
}
