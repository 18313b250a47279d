import * as pulumi from "@pulumi/pulumi";
import { balancesAsked, type Variant } from "./variant";

// As little as the dynamic host accepts: without check, diff, read, update and delete it does what does nothing. Short, as it
// is stored twice with each resource. The ids are as long as Blnk's, so that they take as much room in the state.
const HANDLER = "exports.handler=()=>({create:async i=>({id:'bln_'+crypto.randomUUID(),outs:i})})";

/** A resource that keeps what it is told and does nothing: what Pulumi itself costs. */
class Nothing extends pulumi.CustomResource {
    constructor(kind: string, name: string, inputs: pulumi.Inputs) {
        super(`pulumi-nodejs:dynamic/nothing:${kind}`, name, { ...inputs, __provider: HANDLER });
    }
}

/** What the engine, the dynamic host and the state file cost when nobody does anything, for inputs of the same size. */
export const floor: Variant = {
    name: "floor",
    program: (size, edited) => async () => {
        const ledger = new Nothing("Ledger", "customers", { name: "Customers" });
        for (const { name, currency, metadata } of balancesAsked(size, edited)) {
            new Nothing("Balance", name, { ledger: ledger.id, currency, metadata });
        }
    },
};

/** A stack that declares nothing at all. */
export const empty: Variant = { name: "empty stack", program: () => async () => {} };
