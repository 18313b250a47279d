/**
 * The text that Pulumi keeps with every resource and compiles when it needs the resource's lifecycle: it asks the
 * installed package. It is compared, and stored, letter by letter: for ever as it is.
 */
export function handler(kind: string): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-blnk/hosted").${kind}`;
}

/** The same for Instance, which comes first in every program, and says in a sentence when the package is not there. */
export function instanceHandler(): string {
    return (
        `exports.handler = () => { const directory = process.cwd(); ` +
        `try { return require("module").createRequire(directory + "/")("pulumi-blnk/hosted").Instance; } ` +
        `catch (error) { if (error.code !== "MODULE_NOT_FOUND") throw error; ` +
        `const missing = new Error("pulumi-blnk cannot be found from the program's directory " + directory + ` +
        `". Run \\"npm install pulumi-blnk\\" there."); missing.stack = ""; throw missing; } };`
    );
}
