import { Balance, Ledger } from "pulumi-blnk";
import { balancesAsked, type Contestant, SAVES_OFF } from "./contestant";

/** The resources of this package. */
export const ours: Contestant = {
    name: "ours",
    program: (size, edited) => async () => {
        const ledger = new Ledger("customers", { name: "Customers" });
        for (const { name, currency, metadata } of balancesAsked(size, edited)) {
            new Balance(name, { ledger, currency, metadata });
        }
    },
};

/** The same while the engine saves the state only once, at the end. */
export const oursUnsaved: Contestant = {
    ...ours,
    name: "ours, saves off",
    environment: SAVES_OFF,
};
