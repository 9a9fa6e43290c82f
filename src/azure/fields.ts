/**
 * Reading of JSON that others wrote: nothing here throws, every text has a bound, and names are read in any letter
 * case, because the same field is camelCase in the alerts API and PascalCase in Resource Graph.
 */
export type Fields = { readonly [name: string]: unknown };

/** The value as a record; text that holds a JSON object is opened; anything else is an empty record. */
export function record(value: unknown): Fields {
  const opened = typeof value === "string" ? openJson(value) : value;
  return typeof opened === "object" && opened !== null && !Array.isArray(opened) ? (opened as Fields) : {};
}

/** The value as a list; text that holds a JSON list is opened; anything else is an empty list. */
export function list(value: unknown): readonly unknown[] {
  const opened = typeof value === "string" ? openJson(value) : value;
  return Array.isArray(opened) ? opened : [];
}

function openJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The field at a path of names in any letter case; the exact name goes before its variants. */
export function field(value: unknown, ...path: string[]): unknown {
  let at = value;
  for (const name of path) {
    const fields = record(at);
    if (Object.hasOwn(fields, name)) at = fields[name];
    else {
      const lower = name.toLowerCase();
      const variant = Object.keys(fields).find(
        (key) => key.length === lower.length && key.toLowerCase() === lower,
      );
      at = variant === undefined ? undefined : fields[variant];
    }
  }
  return at;
}

/** A scalar as text of at most `most` characters; "" for what is none. Cut text ends with an ellipsis. */
export function text(value: unknown, most = 500): string {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  return typeof value === "string" ? capped(value.trim(), most) : "";
}

/** As `text`, undefined where nothing is left. */
export function someText(value: unknown, most = 500): string | undefined {
  return text(value, most) || undefined;
}

export function capped(value: string, most: number): string {
  if (value.length <= most) return value;
  // A surrogate pair that is cut in half is no valid text any more.
  return `${value.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Any value on one line, compact; "" where it is nothing or cannot be written. */
export function compact(value: unknown, most = 300): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return text(value, most);
  try {
    return capped(JSON.stringify(value), most);
  } catch {
    return "";
  }
}

/** The texts of a list, or of one text that holds several separated by commas. */
export function texts(value: unknown, mostItems: number, mostText: number): string[] {
  const parts = typeof value === "string" && list(value).length === 0 ? value.split(",") : list(value);
  return parts
    .map((part) => text(part, mostText))
    .filter((part) => part !== "")
    .slice(0, mostItems);
}

/**
 * ISO with milliseconds from Azure's times, which may have seven decimals and no zone (then UTC); undefined for what
 * is no time, .NET's empty `0001-01-01` included.
 */
export function isoTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    value.trim(),
  );
  if (!match) return undefined;
  const [, day, time, fraction = "", zone = "Z"] = match;
  const milliseconds = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return milliseconds >= 0 ? new Date(milliseconds).toISOString() : undefined;
}

/** Azure's booleans, which pricings write as the texts "True" and "False"; undefined for anything else. */
export function truth(value: unknown): boolean | undefined {
  const word = text(value).toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** A whole number from zero up; undefined for anything else. */
export function count(value: unknown): number | undefined {
  const number = amount(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A number from zero up, with or without decimals; undefined for anything else. */
export function amount(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** An `https` address that a link may carry; Resource Graph leaves the scheme away (`portal.azure.com/#…`). */
export function httpsLink(value: unknown): string | undefined {
  const given = typeof value === "string" ? value.trim() : "";
  const address = /^(?:www\.)?portal\.[a-z.]+\//i.test(given) ? `https://${given}` : given;
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  // Slack refuses a button with a longer address [Slack, button element: url].
  return protocol === "https:" && href.length <= 3000 ? href : undefined;
}
