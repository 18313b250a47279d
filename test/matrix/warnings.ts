/** The warnings that Node prints about code, out of all that a run printed. */

export interface Warning {
    /** The first line, without the process id. */
    readonly text: string;
    /** Where it came from, as `--trace-warnings` shows it. */
    readonly trace: readonly string[];
}

/** Warnings of Pulumi's own code, by what they say and a file of the trace. None of ours is ever among them. */
export const OF_PULUMI: readonly { readonly text: RegExp; readonly from: RegExp; readonly why: string }[] = [
    {
        text: /^\[DEP0180\] DeprecationWarning: fs\.Stats constructor is deprecated\.$/,
        from: /node_modules\/ts-node\/dist-raw\//,
        why: "ts-node 10, with which Pulumi loads TypeScript in ES modules",
    },
];

/** All warnings in a text. Lines of a provider host come with what the engine puts in front of them. */
export function warningsIn(printed: string): Warning[] {
    const lines = printed.split("\n");
    return lines.flatMap((line, index) => {
        const [, text] = /\(node:\d+\) (.*)/.exec(line) ?? [];
        if (text === undefined) return [];
        const frames = lines.slice(index + 1).map((it) => /(?:^|\s)\s*(at .*)$/.exec(it)?.[1]);
        const end = frames.indexOf(undefined);
        return [{ text, trace: frames.slice(0, end < 0 ? undefined : end) as string[] }];
    });
}

/** Why a warning is Pulumi's own affair; undefined if it may be ours. */
export function ofPulumi({ text, trace }: Warning): string | undefined {
    if (trace.some((line) => /node_modules\/pulumi-blnk\//.test(line))) return undefined;
    return OF_PULUMI.find((it) => it.text.test(text) && trace.some((line) => it.from.test(line)))?.why;
}
