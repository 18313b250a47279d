/** Keys under which every JavaScript object finds something, although it does not hold them. */
export const BORN_WITH = [
    "constructor",
    "prototype",
    "valueOf",
    "hasOwnProperty",
    "toString",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "__defineGetter__",
    "__lookupSetter__",
] as const;
