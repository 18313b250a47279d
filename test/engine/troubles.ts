import * as blnk from "pulumi-blnk";
import type { Stage } from "./stage";

/*
 * What the tests of servers in trouble have in common. They wait more than they work, so that they stand in several files, which
 * run side by side.
 */

/** In seconds. */
export const TIME_LIMIT = 2;

/** The configuration of a stack that waits for no answer longer than {@link TIME_LIMIT}. */
export function impatient({ sandbox }: Stage): { readonly config: Readonly<Record<string, string>> } {
    return {
        config: {
            "blnk:instanceId": sandbox.instance,
            "blnk:cloudUrl": sandbox.url,
            "blnk:requestTimeout": String(TIME_LIMIT),
        },
    };
}

export const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers" });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: "pro" });
};
