/**
 * Rows as one compact JSON text: every text and every list of property names is in it once, however many rows have
 * it. The version comes first, as in everything that is stored.
 */
const version = 1;
const marks = { list: -1, number: -2 } as const;

/** Written as text at once: lists of lists in between would cost as much again. */
export function packRows(rows: readonly unknown[]): string {
  const texts = new Map<string, number>();
  const shapes = shapeTable();
  const pack = (value: unknown): string => {
    if (typeof value === "string") return String(placeIn(texts, value));
    if (typeof value === "number") return `[${marks.number},${JSON.stringify(value)}]`;
    if (typeof value === "boolean") return String(value);
    if (typeof value !== "object" || value === null) return "null";
    if (Array.isArray(value)) return `[${[marks.list, ...value.map(pack)].join()}]`;
    const row = value as Record<string, unknown>;
    let shape = shapes.first;
    let packed = "";
    for (const name in row) {
      if (row[name] === undefined) continue;
      shape = shapes.after(shape, name);
      packed += `,${pack(row[name])}`;
    }
    return `[${shapes.placeOf(shape)}${packed}]`;
  };
  const packed = rows.map(pack).join();
  return `[${version},${JSON.stringify([...texts.keys()])},${JSON.stringify(shapes.names)},[${packed}]]`;
}

/** Property names in their order, looked up one by one. `place`: where it is among the lists, once an object has just these. */
type Shape = { names: string[]; next: Map<string, Shape>; place?: number };

function shapeTable() {
  const names: string[][] = [];
  const first: Shape = { names: [], next: new Map() };
  return {
    names,
    first,
    after(shape: Shape, name: string): Shape {
      const known = shape.next.get(name);
      if (known) return known;
      const longer: Shape = { names: [...shape.names, name], next: new Map() };
      shape.next.set(name, longer);
      return longer;
    },
    placeOf(shape: Shape): number {
      shape.place ??= names.push(shape.names) - 1;
      return shape.place;
    },
  };
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
