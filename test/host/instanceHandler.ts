import * as pulumi from "@pulumi/pulumi";
import { Ledger } from "../../provider";

/** The handler text that a program registers its Instance with. */
export async function instanceHandlerOfAProgram(): Promise<string> {
    let text: string | undefined;
    await pulumi.runtime.setMocks({
        newResource({ type, inputs }) {
            if (type.endsWith(":Instance")) text = inputs.__provider;
            return { id: "id", state: inputs };
        },
        call: () => ({}),
    });
    const ledger = new Ledger("any");
    await new Promise((resolve) => ledger.urn.apply(resolve));
    if (text === undefined) throw new Error("the program registered no Instance");
    return text;
}
