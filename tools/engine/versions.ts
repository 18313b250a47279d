/** The engines that the project knows by version, and which of them is wanted. */

/** The newest engine that the tests run on, the one that is got where there is none; and the oldest that they run on. */
export const VERSIONS = { newest: "3.274.1", oldest: "3.246.0" } as const;

/** Which of the two engines. */
export type Which = keyof typeof VERSIONS;

/** The environment variable that says which engine must be used: `oldest` or `newest`. */
export const VARIABLE = "PULUMI_BLNK_ENGINE";

/** The engine that the environment asks for; undefined where any that is new enough will do. */
export function wanted(environment: NodeJS.ProcessEnv = process.env): Which | undefined {
    const value = environment[VARIABLE];
    if (!value) return undefined;
    if (value === "oldest" || value === "newest") return value;
    throw new Error(`${VARIABLE} must be "oldest" or "newest", not "${value}".`);
}
