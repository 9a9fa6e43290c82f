import type { Answer } from "./errors.ts";

/** How the stand-in writes: `rough` is everything that Azure's documentation allows besides its own examples. */
export type Manners = { rough: boolean };

const publicName = "https://management.azure.com";
/** Words that Azure writes now in this letter case, now in that. */
const words = new Set(
  (
    "High Medium Low Informational Critical Active Dismissed Resolved InProgress Standard Free Healthy Unhealthy " +
    "NotApplicable Running Stopped Linux Windows FullyCovered PartiallyCovered NotCovered Exempt OffByPolicy Containers"
  ).split(" "),
);
/** What is in these is the customer's, or free: an unknown field would be one of theirs. */
const open = /^(tags|additionalExtensionProperties|extendedProperties|entities|parameters)$/i;
const time = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,7})?Z$/;

/**
 * The same answer in another form: ids, words and booleans in any letter case, times with seven decimals and without a
 * zone, fields and columns in another order and with unknown ones between them, a byte order mark, and next links under
 * the public name of Resource Manager. `random` gives numbers from 0 to 1.
 */
export function roughly(answer: Answer, base: string, random: () => number = Math.random): Answer {
  const body = answer.body ?? (answer.text && JSON.parse(answer.text));
  if (answer.status >= 300 || body === undefined) return answer;
  const text = JSON.stringify(rough(body, "", random)).replaceAll(`"${base}/`, `"${publicName}/`);
  const headers = Object.entries(answer.headers ?? {}).map(([name, said]) => [
    name,
    said.startsWith(`${base}/`) ? said.replace(base, publicName) : said,
  ]);
  return { status: answer.status, headers: Object.fromEntries(headers), text: `\uFEFF${text}` };
}

function rough(value: unknown, key: string, random: () => number): unknown {
  if (typeof value === "string") return roughText(value, key, random);
  if (Array.isArray(value)) return value.map((one) => rough(one, key, random));
  if (typeof value !== "object" || value === null) return value;
  if ("columns" in value && "rows" in value) return roughTable(value as Table, random);
  const fields = open.test(key) ? Object.entries(value) : shuffled(Object.entries(value), random);
  const known = fields.map(([name, one]) => [name, rough(one, open.test(key) ? key : name, random)]);
  const unknown = open.test(key)
    ? []
    : [[`field${Math.floor(random() * 100)}`, random() < 0.5 ? null : { of: [1] }]];
  return Object.fromEntries([...unknown, ...known]);
}

type Table = { columns: { name: string; type: string }[]; rows: unknown[][] };

function roughTable({ columns, rows }: Table, random: () => number): Table {
  const order = shuffled([...columns.keys()], random);
  const inOrder = <T>(all: readonly T[]) => order.map((at) => all[at] as T);
  const names = inOrder(columns).map(({ name }) => name);
  return {
    columns: [{ name: "unknown", type: "object" }, ...inOrder(columns)],
    rows: rows.map((row) => [
      { of: 1 },
      ...inOrder(row).map((cell, at) => rough(cell, names[at] ?? "", random)),
    ]),
  };
}

function roughText(text: string, key: string, random: () => number): string | boolean {
  if (/^(nextLink|\$skipToken|details|about)$/.test(key)) return text;
  if (text.startsWith("/subscriptions/") || key === "subscriptionId" || words.has(text))
    return cased(text, random);
  if (/^(True|False)$/.test(text)) return random() < 0.5 ? text === "True" : text.toLowerCase();
  const [, whole, fraction = "."] = time.exec(text) ?? [];
  return whole === undefined
    ? text
    : `${whole}${fraction.padEnd(8, "0")}${["Z", "+00:00", ""][Math.floor(random() * 3)]}`;
}

function cased(text: string, random: () => number): string {
  return [...text].map((one) => (random() < 0.5 ? one.toUpperCase() : one.toLowerCase())).join("");
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, at: random() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
