// Looks up names that come from outside, such as from a link: only a table's own names
// count, and not those that every object has, such as "constructor".

// has reports whether a name is a table's own.
export const has = (table, name) => Object.hasOwn(table, name);

// own returns a table's own value of a name, or undefined.
export const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
