import { BalanceSet, Ledger } from "pulumi-blnk";
import type { Variant } from "./variant";

/** All balances as one resource; edited, there is one more. They are as many as the others', in the same currency. */
export const balanceSet: Variant = {
    name: "BalanceSet",
    program: (size, edited) => async () => {
        const ledger = new Ledger("customers", { name: "Customers" });
        const keys = Array.from({ length: size + (edited ? 1 : 0) }, (_, index) => `customer-${index + 1}`);
        new BalanceSet("wallets", {
            ledger,
            balances: Object.fromEntries(keys.map((key) => [key, { currency: "USD" }])),
        });
    },
};
