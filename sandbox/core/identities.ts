import type { Hono } from "hono";
import { answer, databaseError, driverError, Refusal } from "./answers";
import { bind } from "./body";
import { clock, printMicros, printNanos, zeroTime } from "./clock";
import { type IdentityRow, identityTexts } from "./rows";
import { type CoreState, newId } from "./state";

type TextShape = Record<(typeof identityTexts)[number] | "identity_id", "string">;

const shape = {
    ...(Object.fromEntries([...identityTexts, "identity_id"].map((name) => [name, "string"])) as TextShape),
    dob: "time",
    meta_data: "map",
} as const;
const ownId = /^idt_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Routes that create, read, change and delete identities. */
export function identityRoutes(app: Hono, state: CoreState): void {
    app.post("/identities", async (c) => {
        const body = await bind(c.req.raw, "Identity", shape);
        const identity_id = body.identity_id || newId("idt");
        if (!ownId.test(identity_id)) {
            const message = `invalid identity_id '${identity_id}': must be idt_ followed by a UUID`;
            throw new Refusal(400, "IDT_VALIDATION_ERROR", message, {});
        }
        if (state.identities.get(identity_id) !== undefined) {
            throw alreadyThere(identity_id);
        }
        const texts = Object.fromEntries(identityTexts.map((name) => [name, body[name] ?? ""]));
        const created = clock.now();
        const row = {
            identity_id,
            ...(texts as Record<(typeof identityTexts)[number], string>),
            dob: dateOnly(body.dob),
            created_at: printMicros(created),
            meta_data: body.meta_data ?? null,
        };
        state.identities.insert(identity_id, row);
        return answer(201, { ...row, dob: body.dob ?? zeroTime, created_at: printNanos(created) });
    });

    app.get("/identities/:id", (c) => {
        const id = c.req.param("id");
        const row = state.identities.seen(id);
        if (row === undefined) {
            throw notFound(id, {});
        }
        return answer(200, row);
    });

    app.put("/identities/:id", async (c) => {
        const id = c.req.param("id");
        const body = await bind(c.req.raw, "Identity", shape);
        // Empty strings count as not sent, so a field cannot be emptied; metadata replaces the whole column.
        const patch: Partial<IdentityRow> = {};
        for (const name of identityTexts) {
            const text = body[name];
            if (text !== undefined && text !== "") {
                patch[name] = text;
            }
        }
        if (body.dob !== undefined && dateOnly(body.dob) !== zeroTime) {
            patch.dob = dateOnly(body.dob);
        }
        if (body.meta_data !== undefined) {
            patch.meta_data = body.meta_data;
        }
        if (Object.keys(patch).length === 0) {
            throw new Refusal(400, "GEN_BAD_REQUEST", "no fields to update", {});
        }
        if (state.identities.change(id, patch) === undefined) {
            throw notFound(id, {});
        }
        return answer(200, { message: "Identity updated successfully" });
    });

    app.delete("/identities/:id", (c) => {
        const id = c.req.param("id");
        if (state.identities.get(id) === undefined) {
            throw notFound(id);
        }
        if (state.balances.rows().some((balance) => balance.identity_id === id)) {
            throw databaseError("internal server error");
        }
        state.identities.remove(id);
        return answer(200, { message: "Identity deleted successfully" });
    });

    // No tokenization secret is set, as in a fresh installation.
    app.on(
        ["GET", "POST"],
        ["/identities/:id/:word{(de)?tokenize}", "/identities/:id/:word{(de)?tokenize}/:field"],
        () => {
            throw new Refusal(403, "IDT_TOKENIZATION_DISABLED", "tokenization is disabled");
        },
    );
}

/** The column is a DATE: the time of day is lost. */
function dateOnly(dob: string | undefined): string {
    return dob === undefined ? zeroTime : `${new Date(dob).toISOString().slice(0, 10)}T00:00:00Z`;
}

function notFound(id: string, details?: object): Refusal {
    return new Refusal(404, "IDT_NOT_FOUND", `Identity with ID '${id}' not found`, details);
}

function alreadyThere(id: string): Refusal {
    const details = driverError({
        code: "23505",
        message: 'duplicate key value violates unique constraint "identity_identity_id_key"',
        detail: `Key (identity_id)=(${id}) already exists.`,
        table: "identity",
        constraint: "identity_identity_id_key",
    });
    return new Refusal(400, "IDT_VALIDATION_ERROR", `Identity already exists: ${id}`, details);
}
