import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { KINDS, type Kind, type KindName } from "../kinds";
import type { Host } from "./host";
import { HostedLifecycle } from "./hostedLifecycle";

/** All kinds, as Pulumi asks for them. */
export function hostKinds(host: Host): Readonly<Record<KindName, ResourceProvider>> {
    const hosted = Object.entries(KINDS).map(([name, kind]): [string, ResourceProvider] => [
        name,
        // The inputs and states of each kind are its own; here they only pass through.
        new HostedLifecycle(host, name, kind as unknown as Kind<object, object>),
    ]);
    return Object.fromEntries(hosted) as Record<KindName, ResourceProvider>;
}
