import type { PulumiFn } from "@pulumi/pulumi/automation";

/** One way to keep balances under Pulumi. */
export interface Variant {
    /** What the table calls it, and the plan. */
    readonly name: string;
    /** The program that declares so many balances in one ledger; edited, it differs in one of them. */
    program(size: number, edited: boolean): PulumiFn;
    /** Environment variables that the engine is given besides those that all are given. */
    readonly environment?: Readonly<Record<string, string>>;
}

/** What a program asks of one balance. It is the same for all who declare balances one by one. */
export interface Asked {
    readonly name: string;
    readonly currency: string;
    readonly metadata: Readonly<Record<string, string>>;
}

/** So many balances; edited, the first one has other metadata. */
export function balancesAsked(size: number, edited: boolean): Asked[] {
    return Array.from({ length: size }, (_, index) => ({
        name: `customer-${index + 1}`,
        currency: "USD",
        metadata: { customer: `c-${index + 1}`, plan: edited && index === 0 ? "pro" : "basic" },
    }));
}

/** The engine saves the state once, at the end, and not twice for each step. */
export const SAVES_OFF = { PULUMI_SKIP_CHECKPOINTS: "true" };
