import { Balance, Ledger } from "pulumi-blnk";
import { balancesAsked, SAVES_OFF, type Variant } from "./variant";

/** The resources of this package. */
export const ours: Variant = {
    name: "ours",
    program: (size, edited) => async () => {
        const ledger = new Ledger("customers", { name: "Customers" });
        for (const { name, currency, metadata } of balancesAsked(size, edited)) {
            new Balance(name, { ledger, currency, metadata });
        }
    },
};

/** The same while the engine saves the state only once, at the end. */
export const oursUnsaved: Variant = {
    ...ours,
    name: "ours, saves off",
    environment: SAVES_OFF,
};
