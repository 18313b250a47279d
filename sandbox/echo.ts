import { Refusal, refusalAnswer } from "./core/answers";

/**
 * A coded refusal of Blnk that repeats the request's body twice: as it was sent, and with JSON's escapes decoded, so that it
 * contains quotes and terminal control characters.
 */
export function echoed(status: number, body: string): Response {
    const undone = body.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => unquoted(literal));
    const message = `cannot process the request ${body} (${undone})`;
    return refusalAnswer(new Refusal(status, "GEN_BAD_REQUEST", message));
}

function unquoted(literal: string): string {
    try {
        return String(JSON.parse(literal));
    } catch {
        return literal;
    }
}
