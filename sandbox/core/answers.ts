import { toGoJson } from "../json";
import { knownAnswer } from "../known";

/** A refusal as Core words it. */
export class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
        /** Present in some answers only, and often empty there. */
        readonly details?: object,
        /** Ledger, balance, monitor and transaction validation answer under `errors`. */
        readonly key: "error" | "errors" = "error",
    ) {
        super(message);
    }
}

/** A JSON answer in Go's spelling. */
export function answer(status: number, body: unknown): Response {
    return knownAnswer(status, "application/json; charset=utf-8", toGoJson(body));
}

/** The answer that carries a refusal. */
export function refusalAnswer(refusal: Refusal): Response {
    const detail = { code: refusal.code, message: refusal.message };
    return answer(refusal.status, {
        [refusal.key]: refusal.message,
        error_detail: refusal.details === undefined ? detail : { ...detail, details: refusal.details },
    });
}

/** Gin's answer to an unknown path or a wrong method: text, and 404 for both. */
export function noRoute(): Response {
    return knownAnswer(404, "text/plain", "404 page not found");
}

/** Refusal of a body that fails validation; several complaints come in alphabetical order. */
export function invalid(complaints: Record<string, string>, code = "GEN_VALIDATION_ERROR"): Refusal {
    const text = Object.keys(complaints)
        .sort()
        .map((field) => `${field}: ${complaints[field]}`)
        .join("; ");
    return new Refusal(400, code, `${text}.`, undefined, "errors");
}

/** What any failure inside the database looks like from outside. */
export function databaseError(message = "Database error occurred", details: object = {}): Refusal {
    return new Refusal(500, "GEN_INTERNAL", message, details);
}

/** The driver's error object, which Core passes on in `details`. */
export function driverError(fields: {
    code: string;
    message: string;
    detail: string;
    table: string;
    constraint: string;
}): object {
    const foreignKey = fields.code === "23503";
    return {
        Severity: "ERROR",
        Code: fields.code,
        Message: fields.message,
        Detail: fields.detail,
        Hint: "",
        Position: "",
        InternalPosition: "",
        InternalQuery: "",
        Where: "",
        Schema: "blnk",
        Table: fields.table,
        Column: "",
        DataTypeName: "",
        Constraint: fields.constraint,
        File: foreignKey ? "ri_triggers.c" : "nbtinsert.c",
        Line: foreignKey ? "2596" : "664",
        Routine: foreignKey ? "ri_ReportViolation" : "_bt_check_unique",
    };
}
