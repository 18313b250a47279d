import { toJson } from "../json";
import { knownAnswer } from "../known";

/** A JSON answer of the Cloud half. */
export function cloudAnswer(status: number, body: unknown): Response {
    return knownAnswer(status, "application/json", toJson(body));
}

/** An error of the Cloud half. None of Cloud's own errors is documented, and each body says so. */
export function inventedError(status: number, error: string): Response {
    return cloudAnswer(status, { error, invented: true });
}
