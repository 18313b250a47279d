/** Invisible characters, and halves of surrogate pairs, which Blnk would store as something else. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** Characters that break a line or control a terminal, and those that cannot be stored. */
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const VISIBLE = /[^\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Problems with the characters of a new currency. A currency that Blnk holds already is not checked. */
export function currencyCharacters(currency: string): string[] {
    const [found] = INVISIBLE.exec(currency) ?? [];
    if (found === undefined) return [];
    return [
        `currency contains an invisible character (${codeOf(found)}): Blnk would treat it as a different currency from the one ` +
            `that it looks like, and could never correct it. Type the currency again`,
    ];
}

/** Problems with the characters of a new name. Invisible joiners inside it are allowed: scripts and emoji need them. */
export function nameCharacters(name: string, path: string): string[] {
    // An empty one is refused elsewhere.
    if (name.trim() === "") return [];
    const [control] = CONTROL.exec(name) ?? [];
    if (control !== undefined) return [`${path} contains a control character (${codeOf(control)}): remove it`];
    const [found = ""] = INVISIBLE.exec(name) ?? [];
    return VISIBLE.test(name) ? [] : [`${path} contains only invisible characters (${codeOf(found)})`];
}

function codeOf(character: string): string {
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
