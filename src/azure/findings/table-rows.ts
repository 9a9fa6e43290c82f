import { field, list, text } from "../fields.ts";

/** A row of an answer of Resource Graph: the value of the column of a name. */
export type Row = (column: string) => unknown;

/** Rows of `resultFormat: table`, or of objects; a column that is not there is undefined. */
export function tableRows(data: unknown): Row[] {
  if (Array.isArray(data)) return data.map((row) => (name) => field(row, name));
  const columns = list(field(data, "columns")).map((column) =>
    text(field(column, "name"), 200).toLowerCase(),
  );
  const places = new Map<string, number>();
  const place = (name: string) => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const index = columns.indexOf(name.toLowerCase());
    places.set(name, index);
    return index;
  };
  return list(field(data, "rows")).map((row) => {
    const values = list(row);
    return (name) => values[place(name)];
  });
}

/** As it is where it is a text, without a bound: details are long. Anything else as JSON of itself; "" for nothing. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

/** Lower-case id of the subscription that a row lies in; "" where it lies in none. */
export function subscriptionOfRow(row: Row): string {
  const own = textOf(row("subscriptionId")).trim();
  return (own || (/\/subscriptions\/([^/]+)/i.exec(textOf(row("id")))?.[1] ?? "")).toLowerCase();
}
