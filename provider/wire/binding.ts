/** `<identity of the server>/<owner>`, which every resource has as its input `instance`. */
export function formatBinding(server: string, owner: string): string {
    return `${server}/${owner}`;
}

/** The parts of a binding. */
export function parseBinding(binding: string): { server: string; owner: string } {
    const slash = binding.lastIndexOf("/");
    return { server: binding.slice(0, slash), owner: binding.slice(slash + 1) };
}
