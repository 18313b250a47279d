/** A shared beginning counts only from this length. */
const FEWEST_COMMON = 3;

/** ` (did you mean "metadata"?)` for an unknown name, or nothing when no known name is similar. */
export function didYouMean(name: string, known: readonly string[]): string {
    const suggested = nearest(name, known);
    return suggested === undefined ? "" : ` (did you mean "${suggested}"?)`;
}

/** The known name most similar to a misspelt one. Case, hyphens and underscores do not count. */
export function nearest(name: string, known: readonly string[]): string | undefined {
    const wanted = letters(name);
    const ranked = known
        .map((candidate) => ({ candidate, distance: distanceOf(wanted, letters(candidate)) }))
        .filter(({ distance }) => Number.isFinite(distance))
        .sort((one, other) => one.distance - other.distance);
    return ranked[0]?.candidate;
}

function letters(name: string): string {
    return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function distanceOf(wanted: string, candidate: string): number {
    const edits = editsBetween(wanted, candidate);
    // A third of the letters may be wrong, and always at least one.
    const isNear = edits <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    const shorter = Math.min(wanted.length, candidate.length);
    const isLonger = wanted.startsWith(candidate) || candidate.startsWith(wanted);
    return isNear || (isLonger && shorter >= FEWEST_COMMON) ? edits : Number.POSITIVE_INFINITY;
}

/** How many letters to change, add, remove or swap with the next one to turn one text into the other. */
function editsBetween(one: string, other: string): number {
    const [rows, columns] = [[...one], [...other]];
    let before: number[] = [];
    let above = [...columns.keys(), columns.length];
    for (const [row, letter] of rows.entries()) {
        const current = [row + 1];
        for (const [column, there] of columns.entries()) {
            const kept = (above[column] ?? 0) + (letter === there ? 0 : 1);
            const isSwap = letter === columns[column - 1] && there === rows[row - 1];
            const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : kept;
            current.push(Math.min(kept, swapped, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
        }
        [before, above] = [above, current];
    }
    return above.at(-1) ?? 0;
}
