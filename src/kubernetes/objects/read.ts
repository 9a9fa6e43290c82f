/** Reading of JSON that an API server (or a proxy) wrote: nothing here throws, every text has a bound. */

/** The value at a path of names; undefined where a step is missing or no record. */
export function at(value: unknown, ...path: string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** A scalar as text of at most `most` characters, at a path of names; "" for what is none. */
export function text(value: unknown, path: readonly string[] = [], most = 500): string {
  const leaf = at(value, ...path);
  if (typeof leaf === "number" || typeof leaf === "boolean") return String(leaf);
  return typeof leaf === "string" ? capped(leaf.trim(), most) : "";
}

/** The elements of a list at a path of names; none for what is no list. */
export function items(value: unknown, ...path: string[]): readonly unknown[] {
  const leaf = at(value, ...path);
  return Array.isArray(leaf) ? leaf : [];
}

export function capped(said: string, most: number): string {
  // A surrogate pair that is cut in half is no valid text any more.
  return said.length <= most ? said : `${said.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The value of JSON text; undefined for what is none. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
