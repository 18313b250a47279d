/**
 * The text that Pulumi stores with every resource, and runs to get the resource's lifecycle from the installed package.
 * Never change it: states hold it, and any difference would show as a change of every resource.
 */
export function handler(kind: string): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-blnk/hosted").${kind}`;
}

/** The same for Instance, which comes first in every program: so it reports a missing package. Never change it either. */
export function instanceHandler(): string {
    return (
        `exports.handler = () => { const directory = process.cwd(); ` +
        `try { return require("module").createRequire(directory + "/")("pulumi-blnk/hosted").Instance; } ` +
        `catch (error) { if (error.code !== "MODULE_NOT_FOUND") throw error; ` +
        `const missing = new Error("pulumi-blnk cannot be found from the program's directory " + directory + ` +
        `". Run \\"npm install pulumi-blnk\\" there."); missing.stack = ""; throw missing; } };`
    );
}
