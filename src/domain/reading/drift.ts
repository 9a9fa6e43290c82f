/** A field of a reader, as its declaration names it. */
export type Field = string;

/** Things of one kind that a reader could not place; `of`: among how many, 0 for all rows. */
export type Unplaced = { count: number; of: number; example: string };

/** How one reading of a reader fared. `present`: rows that had each declared field. JSON-able. */
export type ShapeReading = {
  reader: string;
  rows: number;
  present: Record<Field, number>;
  unplaced: Record<Field, Unplaced>;
};

/** One change of shape that somebody should look at. */
export type Drift = {
  field: Field;
  kind: "unplaced" | "vanished";
  count: number;
  of: number;
  example: string;
};

/** A larger share than this is no accident; fewer rows than these prove nothing. */
const mostShare = 0.05;
const leastRows = 20;
const exampleCharacters = 240;

/** Counts while a reader reads. */
export type ShapeCounter = {
  row(): void;
  /** The row had the field. */
  has(field: Field): void;
  /** `count` of `of` things could not be placed; the first example stays. By default one of all rows. */
  unplaced(field: Field, example: string, counts?: { count: number; of: number }): void;
  reading(): ShapeReading;
};

export function shapeCounter(reader: string): ShapeCounter {
  const made: ShapeReading = { reader, rows: 0, present: {}, unplaced: {} };
  return {
    row() {
      made.rows++;
    },
    has(field) {
      made.present[field] = (made.present[field] ?? 0) + 1;
    },
    unplaced(field, example, { count, of } = { count: 1, of: 0 }) {
      const known = made.unplaced[field];
      if (!known) made.unplaced[field] = { count, of, example: shortenedExample(example) };
      else {
        known.count += count;
        known.of += of;
      }
    },
    reading: () => made,
  };
}

/** One reading out of the parts of it, for example pages. */
export function joinedShapes(reader: string, parts: readonly ShapeReading[]): ShapeReading {
  const joined: ShapeReading = { reader, rows: 0, present: {}, unplaced: {} };
  for (const { rows, present, unplaced } of parts) {
    joined.rows += rows;
    for (const [field, count] of Object.entries(present))
      joined.present[field] = (joined.present[field] ?? 0) + count;
    for (const [field, { count, of, example }] of Object.entries(unplaced)) {
      const known = joined.unplaced[field] ?? { count: 0, of: 0, example };
      joined.unplaced[field] = { ...known, count: known.count + count, of: known.of + of };
    }
  }
  return joined;
}

/** What drifted: a share over 5 % that could not be placed, a field that no row has any more. */
export function driftsOf(before: ShapeReading | undefined, now: ShapeReading): Drift[] {
  const unplaced = Object.entries(now.unplaced)
    .map(([field, one]) => [field, { ...one, of: one.of || now.rows }] as const)
    .filter(([, { count, of }]) => of >= leastRows && count > of * mostShare)
    .map(([field, one]): Drift => ({ field, kind: "unplaced", ...one }));
  const vanished = Object.entries(before?.present ?? {})
    .filter(([field, count]) => count >= leastRows && now.rows >= leastRows && !now.present[field])
    .map(([field, count]): Drift => ({ field, kind: "vanished", count, of: now.rows, example: "" }));
  return [...unplaced, ...vanished];
}

/** The reading as the next one is compared with it: a field that vanished is missed until it is there again. */
export function rememberedShape(before: ShapeReading | undefined, now: ShapeReading): ShapeReading {
  const vanished = driftsOf(before, now).filter(({ kind }) => kind === "vanished");
  const missed = vanished.map(({ field, count }) => [field, count]);
  // Too few rows say nothing: what was known stays.
  if (before && now.rows < leastRows) return before;
  return { ...now, present: { ...now.present, ...Object.fromEntries(missed) } };
}

/** Identifiers cut to what tells them apart by eye, and no longer than a line of a message. */
export function shortenedExample(example: string): string {
  return example
    .slice(0, 4 * exampleCharacters)
    .replace(/\b([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "$1…")
    .replace(/\b(sha(?:256|512):[0-9a-f]{6})[0-9a-f]{10,}/gi, "$1…")
    .replace(/\s+/g, " ")
    .slice(0, exampleCharacters);
}
