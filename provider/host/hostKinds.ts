import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { KINDS, type Kind, type KindName } from "../kinds";
import type { Host } from "./host";
import { HostedLifecycle } from "./hostedLifecycle";

/** All kinds, as resource providers for Pulumi. */
export function hostKinds(host: Host): Readonly<Record<KindName, ResourceProvider>> {
    const hosted = Object.entries(KINDS).map(([name, kind]): [string, ResourceProvider] => [
        name,
        // Each kind has inputs and states of its own type. Here they only pass through.
        new HostedLifecycle(host, name, kind as unknown as Kind<object, object>),
    ]);
    return Object.fromEntries(hosted) as Record<KindName, ResourceProvider>;
}
