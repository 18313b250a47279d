import * as pulumi from "@pulumi/pulumi";
import { hosted } from "./hosting";
import { typeToken } from "./typeToken";

/**
 * The SDK writes down the stack of each promise that a resource begins with, several for each of its properties: for a
 * thousand resources that is a second. So many frames still reach the line that declares the resource, and who called it.
 */
const STACK_FRAMES = 7;

/** A resource of this package: its lifecycle is asked of the installed package by Pulumi's host of dynamic resources. */
export abstract class HostedResource extends pulumi.CustomResource {
    constructor(kind: string, name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
        const handedOver = hosted(kind, name, inputs, options);
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = Math.min(stackTraceLimit, STACK_FRAMES);
        try {
            super(typeToken(kind), name, handedOver, options);
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    }
}
