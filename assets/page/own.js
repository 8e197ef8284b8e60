// Looking up a name that came from outside, such as a link's: only what a table holds
// itself counts, and not what every object has, such as "constructor".

// has reports whether a table holds a name itself.
export const has = (table, name) => Object.hasOwn(table, name);

// own returns what a table holds under a name itself, undefined if there is nothing.
export const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
