import type { Entity } from "../core/fields";
import type { Filter } from "../core/filters";

/** A page of rows with the number of all rows that match. */
export interface Page {
    data: unknown[];
    total: number;
}

/** What the Cloud half needs of an instance behind it. */
export interface Instance {
    /** Passes a request on to Core; path and query are Core's. */
    forward(request: Request): Promise<Response>;
    /** Rows that pass all filters, newest first; an answer instead of a page is handed on to the caller. */
    list(entity: Entity, filters: Filter[], page: number, pageSize: number): Promise<Page | Response>;
    /** One complete row; undefined if it is not there. */
    read(entity: Entity, id: string): Promise<unknown>;
}
