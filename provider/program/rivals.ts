import type * as pulumi from "@pulumi/pulumi";
import { currentRun, nameOf, providerOf, serverBehind } from "./instances";

/** Identifies a thing in Blnk while a program runs: its id, or an object that represents only this thing. */
export type Carrier = string | object;

/** One resource that declares metadata keys. */
export interface Declaration {
    /** Such as `MetadataTag "billing"`. */
    readonly label: string;
    readonly options: pulumi.CustomResourceOptions;
    /** All identifiers of the thing that carries the metadata. */
    readonly carriers: readonly Carrier[];
    readonly keys: readonly string[];
}

/** The declarations of each run of a program, by carrier and key. */
const declarationsOfRun = new WeakMap<object, Map<Carrier, Map<string, Declaration[]>>>();

/** Further identifiers of a thing, by the object that represents it. */
const othersOf = new WeakMap<object, readonly Carrier[]>();

/** Notes that a resource, like its other carriers, identifies the thing whose metadata it declares. */
export function noteCarrier(resource: pulumi.CustomResource, declaration: Declaration): void {
    const { carriers } = declaration;
    if (carriers.length > 0) othersOf.set(resource, carriers);
    void rivalsOf({ ...declaration, carriers: [resource] });
}

/**
 * Notes what a resource declares. Returns problems, as sentences, if another resource declares the same key through another
 * provider that leads to the same server. The host cannot find these: each provider has its own process, which sees only its
 * own resources. Undefined if there can be no problem. Only finds what is known while the program runs.
 */
export function rivalsOf(declaration: Declaration): Promise<string[]> | undefined {
    const { carriers, keys, options } = declaration;
    if (carriers.length === 0 || keys.length === 0) return undefined;
    const all = declarationsOfRun.get(currentRun()) ?? new Map<Carrier, Map<string, Declaration[]>>();
    declarationsOfRun.set(currentRun(), all);
    const found = new Map<Declaration, string>();
    const { instance } = serverBehind(options);
    const known = carriers.flatMap((it) => (typeof it === "string" ? [it] : [it, ...(othersOf.get(it) ?? [])]));
    for (const carrier of new Set(known)) {
        const ofCarrier = all.get(carrier) ?? new Map<string, Declaration[]>();
        all.set(carrier, ofCarrier);
        for (const key of keys) {
            const others = ofCarrier.get(key) ?? [];
            for (const other of others) {
                if (serverBehind(other.options).instance !== instance) found.set(other, key);
            }
            ofCarrier.set(key, [...others, declaration]);
        }
    }
    return found.size === 0 ? undefined : sameServerProblems(declaration, found);
}

async function sameServerProblems(
    declaration: Declaration,
    found: ReadonlyMap<Declaration, string>,
): Promise<string[]> {
    const server = await serverBehind(declaration.options).server();
    const problems = [...found].map(async ([other, key]) => {
        const isSame = server !== undefined && server === (await serverBehind(other.options).server());
        return isSame ? [sentence(key, other, declaration, String(server))] : [];
    });
    return (await Promise.all(problems)).flat();
}

function sentence(key: string, first: Declaration, second: Declaration, server: string): string {
    const through = ({ label, options }: Declaration) => {
        const provider = providerOf(options);
        return `${label} through ${provider === undefined ? "the default provider" : `the provider "${nameOf(provider)}"`}`;
    };
    return (
        `the metadata key "${key}" of one thing is declared twice: by ${through(first)} and by ${through(second)}, ` +
        `and both lead to ${server}; keep it in one of them`
    );
}
