import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
    readonly kind: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly provider: string;
    readonly id: string | undefined;
}

/** The form of a secret in the inputs that a mock gets. */
export function secret(value: unknown): unknown {
    return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

type Mocks = pulumi.runtime.Mocks;

/** Runs a program to its end with mocked answers for each resource. */
export async function runMocked(
    program: () => unknown,
    newResource: Mocks["newResource"],
    preview: boolean,
): Promise<void> {
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "shop", "dev", preview);
    await program();
    const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
    await waitForRPCs();
}

/** The kind of this package that a type token names. */
export function kindOf(type: string): string {
    return type.replace("pulumi-nodejs:dynamic/blnk:", "");
}

/** Runs a program whose resources are all created, and returns what it registered. */
export async function run(program: () => unknown, preview = false): Promise<Registered[]> {
    const registered: Registered[] = [];
    const make: Mocks["newResource"] = ({ type, name, inputs, provider = "", id }) => {
        const kind = kindOf(type);
        registered.push({ kind, name, inputs, provider, id });
        const server = kind === "Instance" ? { server: "inst_a" } : {};
        return { id: id || `id_of_${name}`, state: { ...inputs, ...server } };
    };
    await runMocked(program, make, preview);
    return registered;
}

/** The resources of a kind, without their handler texts. */
export function ofKind(registered: readonly Registered[], kind: string) {
    return registered
        .filter((resource) => resource.kind === kind)
        .map(({ name, inputs: { __provider, ...inputs } }) => ({ name, inputs }));
}
