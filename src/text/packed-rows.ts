/**
 * Rows as one compact JSON text: every text and every list of property names is in it once, however many rows have
 * it. The version comes first, as in everything that is stored.
 */
const version = 1;
const marks = { list: -1, number: -2 } as const;

type Packed = number | boolean | null | Packed[];

export function packRows(rows: readonly unknown[]): string {
  const texts = new Map<string, number>();
  const shapes = new Map<string, number>();
  const names: string[][] = [];
  const pack = (value: unknown): Packed => {
    if (typeof value === "string") return placeIn(texts, value);
    if (typeof value === "number") return [marks.number, value];
    if (typeof value === "boolean") return value;
    if (typeof value !== "object" || value === null) return null;
    if (Array.isArray(value)) return [marks.list, ...value.map(pack)];
    const row = value as Record<string, unknown>;
    const own = Object.keys(row).filter((name) => row[name] !== undefined);
    const shape = placeIn(shapes, JSON.stringify(own));
    names[shape] ??= own;
    const packed: Packed[] = [shape];
    for (const name of own) packed.push(pack(row[name]));
    return packed;
  };
  const packed = rows.map(pack);
  return JSON.stringify([version, [...texts.keys()], names, packed]);
}

function placeIn(table: Map<string, number>, text: string): number {
  const known = table.get(text);
  if (known !== undefined) return known;
  table.set(text, table.size);
  return table.size - 1;
}

/** @throws Error where the text is none of `packRows` */
export function unpackRows(text: string): unknown[] {
  const content = JSON.parse(text) as unknown;
  if (!Array.isArray(content) || content[0] !== version) throw new Error("not packed rows of this version");
  const [, texts, shapes, rows] = content as [number, unknown, unknown, unknown];
  if (![texts, shapes, rows].every(Array.isArray)) throw new Error("packed rows without their tables");
  const unpack = (packed: unknown): unknown => {
    if (typeof packed === "number") return at(texts as unknown[], packed);
    if (!Array.isArray(packed)) return packed;
    const [mark, ...values] = packed as [unknown, ...unknown[]];
    if (mark === marks.number) return values[0];
    if (mark === marks.list) return values.map(unpack);
    const names = at(shapes as unknown[], mark);
    if (!Array.isArray(names) || names.length !== values.length) throw new Error("a row without its shape");
    return Object.fromEntries(names.map((name, index) => [String(name), unpack(values[index])]));
  };
  return (rows as unknown[]).map(unpack);
}

function at(table: readonly unknown[], place: unknown): unknown {
  if (typeof place !== "number" || !(place in table)) throw new Error("a place outside of its table");
  return table[place];
}
