import { Refusal, refusalAnswer } from "./core/answers";

/**
 * A coded refusal of Blnk's whose message repeats the request's body: as it was sent, and once more with JSON's escapes
 * undone, so that quotes and a terminal's control characters stand in it as the sender meant them.
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
