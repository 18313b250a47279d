import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One resource in a state. */
export interface StateEntry {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs: Record<string, unknown>;
    readonly outputs: Record<string, unknown>;
    readonly external?: boolean;
    readonly provider?: string;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
    /** The line of the program that declares it, as `project:///<path>#<line>,<column>`. */
    readonly sourcePosition?: string;
}

/** What `pulumi stack export` prints as `deployment`. Secrets stay encrypted. */
export interface StateContent {
    readonly resources?: readonly StateEntry[];
    readonly [part: string]: unknown;
}

/** The file in which a file backend keeps the state of a stack. To read or write it takes no run of the CLI. */
export class StateFile {
    readonly path: string;

    constructor(
        private readonly backend: string,
        private readonly project: string,
        private readonly stack: string,
    ) {
        this.path = join(backend, ".pulumi", "stacks", project, `${stack}.json`);
    }

    /** Makes an empty stack, as `pulumi stack init` does, unless it is there. */
    create(): void {
        if (existsSync(this.path)) return;
        mkdirSync(dirname(this.path), { recursive: true });
        // Without it the engine takes the backend for one from before there were projects.
        writeFileSync(join(this.backend, ".pulumi", "meta.yaml"), "version: 1\n");
        this.write(undefined);
    }

    /** That of another stack of the same project. */
    of(stack: string): StateFile {
        return new StateFile(this.backend, this.project, stack);
    }

    read(): StateContent {
        return JSON.parse(readFileSync(this.path, "utf8")).checkpoint.latest ?? {};
    }

    /** Puts another content in its place; without one the stack is as new. */
    write(latest: StateContent | undefined): void {
        const stack = `organization/${this.project}/${this.stack}`;
        writeFileSync(this.path, JSON.stringify({ version: 3, checkpoint: { stack, latest } }));
    }
}
