import * as v from "valibot";
import { metadataSchema, type Table } from "./records";

const schema = v.object({ identity_id: v.pipe(v.string(), v.nonEmpty()), meta_data: metadataSchema });

/** The part of an identity that tags need. */
export type IdentityRecord = v.InferOutput<typeof schema>;

export const identities: Table<IdentityRecord> = {
    noun: "identity",
    nouns: "identities",
    idField: "identity_id",
    idPrefix: "idt_",
    idOf: (record) => record.identity_id,
    core: "/identities",
    cloudFilter: "/identities/filter",
    schema,
};
