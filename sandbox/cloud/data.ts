import { bindValue } from "../core/body";
import type { Entity } from "../core/fields";
import type { Filter } from "../core/filters";
import { readFilters } from "../core/lists";
import { queryFilters } from "../core/queryFilters";
import { parseLiteral } from "../json";
import { isAnswer } from "../known";
import { cloudAnswer, inventedError } from "./errors";
import type { Instance } from "./instance";

// Cloud does not document the largest page. This is Core's.
const largestPage = 100;

/** `GET /data/{resource}`: a page of rows under query filters. */
export function dataList(request: Request, instance: Instance, entity: Entity): Promise<Response> {
    return page(request, instance, entity, queryFilters(new URL(request.url).searchParams));
}

/** `GET /data/{resource}/{id}`: one complete row. Cloud does not document its shape. This is a bare object. */
export async function dataDetail(instance: Instance, entity: Entity, id: string): Promise<Response> {
    const row = await instance.read(entity, id);
    if (isAnswer(row)) {
        return row;
    }
    return row === undefined ? inventedError(404, "no such row") : cloudAnswer(200, row);
}

/** `POST /{resource}/filter` at the root: a page of rows under the filters of the body. */
export async function rootFilter(request: Request, instance: Instance, entity: Entity): Promise<Response> {
    let filters: Filter[];
    try {
        const body = bindValue(parseLiteral(await request.text()), "FilterRequest", { filters: "list" });
        filters = readFilters(body.filters ?? []);
    } catch (cause) {
        return inventedError(400, `malformed filter: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    return page(request, instance, entity, filters);
}

async function page(request: Request, instance: Instance, entity: Entity, filters: Filter[]): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const number = wholeNumber(query.get("page"), 1);
    const size = pageSizeOf(query, entity);
    if (number === undefined || size === undefined) {
        return inventedError(400, "page and pageSize must be whole numbers from 1");
    }
    const found = await instance.list(entity, filters, number, size);
    return isAnswer(found) ? found : cloudAnswer(200, found);
}

/** The number of rows of a page. Undefined if the requested size is not valid. */
export function pageSizeOf(query: URLSearchParams, entity: Entity): number | undefined {
    const size = wholeNumber(query.get("pageSize"), entity === "ledgers" ? 30 : 20);
    return size === undefined ? undefined : Math.min(size, largestPage);
}

function wholeNumber(text: string | null, fallback: number): number | undefined {
    if (text === null) {
        return fallback;
    }
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
