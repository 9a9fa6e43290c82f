import { type ShapeReading, shapeCounter } from "../domain/reading/drift.ts";
import { compact, field, list, record, text } from "./fields.ts";

/** Takes what a reading of a whole kind of thing could and could not place; see `watchShape`. */
export type Shaped = (shape: ShapeReading) => void;

/**
 * How the rows of one reading fared: which declared fields each one has, and what of it could not be placed.
 * @param unplaced names the fields of a row that say nothing that is known
 */
export function shapeOf<T>(
  reader: string,
  rows: readonly T[],
  { fields, about = (row) => row, unplaced }: ShapeRules<T>,
): ShapeReading {
  const counter = shapeCounter(reader);
  for (const row of rows) {
    counter.row();
    const properties = about(row);
    for (const name of fields) if (isThere(field(properties, name))) counter.has(name);
    for (const name of unplaced(row)) counter.unplaced(name, compact(row, 1000));
  }
  return counter.reading();
}

/** `about`: where the fields of a row stand, where that is not the row itself. */
type ShapeRules<T> = {
  fields: readonly string[];
  about?: (row: T) => unknown;
  unplaced: (row: T) => string[];
};

function isThere(value: unknown): boolean {
  return typeof value === "object" ? value !== null : text(value, 10) !== "";
}

/** True for text that should hold JSON and holds none. */
export function isUnreadable(value: unknown): boolean {
  if (typeof value !== "string" || ["", "null", "{}", "[]"].includes(value.replace(/\s/g, ""))) return false;
  return list(value).length === 0 && Object.keys(record(value)).length === 0;
}
