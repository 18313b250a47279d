/** Keeps one object for each table, made when it is first needed. The maker for one table always makes the same type. */
export class PerTable {
    private readonly kept = new Map<object, unknown>();

    get<T>(table: object, make: () => T): T {
        const known = this.kept.get(table) as T | undefined;
        const kept = known ?? make();
        this.kept.set(table, kept);
        return kept;
    }
}
