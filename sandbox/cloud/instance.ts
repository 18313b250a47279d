import type { Entity } from "../core/fields";
import type { Filter } from "../core/filters";

/** A page of rows with the number of all rows that match. */
export interface Page {
    data: unknown[];
    total: number;
}

/** An instance behind the Cloud half. */
export interface Instance {
    /** Passes a request on to Core; path and query are Core's. */
    forward(request: Request): Promise<Response>;
    /** Rows that pass all filters, newest first. An answer instead of a page is returned to the caller. */
    list(entity: Entity, filters: Filter[], page: number, pageSize: number): Promise<Page | Response>;
    /** One complete row. Undefined if it does not exist. */
    read(entity: Entity, id: string): Promise<unknown>;
}
