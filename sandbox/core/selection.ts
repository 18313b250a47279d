import { columnValues, type Entity, filterable } from "./fields";
import { compare, type Filter, passes } from "./filters";
import type { CoreState } from "./state";

/** Which rows of a kind to pick, and in which order. */
export interface Selection {
    filters: Filter[];
    any?: boolean;
    sortBy?: string;
    ascending?: boolean;
}

/** The rows of a kind that pass the filters, as a reader sees them; newest first unless asked otherwise. */
export function select(state: CoreState, entity: Entity, selection: Selection): Readonly<Record<string, unknown>>[] {
    const { filters } = selection;
    const rows: object[] = state[entity].seenRows();
    const picked = (rows as Readonly<Record<string, unknown>>[]).filter((row) => {
        if (filters.length === 0) {
            return true;
        }
        const pass = (filter: Filter) => passes(filter, entity, row);
        return selection.any === true ? filters.some(pass) : filters.every(pass);
    });
    const sortBy = filterable[entity].has(selection.sortBy ?? "") ? (selection.sortBy ?? "") : "created_at";
    if (sortBy !== "created_at") {
        picked.sort((a, b) => compare(sortKey(entity, sortBy, a), sortKey(entity, sortBy, b)));
    }
    // Rows are in order of creation, so sorting by created_at means reversing them at most.
    return selection.ascending === true ? picked : picked.reverse();
}

function sortKey(entity: Entity, field: string, row: Readonly<Record<string, unknown>>): string | number | bigint {
    const [value] = columnValues(entity, field, row);
    return typeof value === "number" || typeof value === "bigint" ? value : String(value ?? "");
}
