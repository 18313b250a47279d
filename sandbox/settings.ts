/** The settings of a running sandbox. */
export interface Settings {
    /** Milliseconds added to each request on both faces. */
    latency: number;
    /** Reads do not show rows or changes younger than this many milliseconds. */
    readLag: number;
    /** Reads show metadata as it was this many milliseconds ago, and rows at once. */
    metadataLag: number;
    /** Milliseconds between the read and the write of a metadata update. */
    metadataRace: number;
    /** Core routes, such as "PUT /ledgers/:id", that the Cloud proxy does not forward. */
    unforwarded: Set<string>;
}

/** The settings at the start: no trouble. */
export function calmSettings(): Settings {
    return { latency: 0, readLag: 0, metadataLag: 0, metadataRace: 0, unforwarded: new Set() };
}
