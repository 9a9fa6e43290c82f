import type { Scope } from "./expression.ts";
import type { Datetime } from "./times.ts";
import type { Column } from "./tree.ts";
import type { Cell, Row } from "./values.ts";

/** A table on its way through the pipe. */
export type Table = { columns: Column[]; rows: Row[] };

export function scopeOf(table: Table, now: Datetime): Scope {
  return { now, columns: new Map(table.columns.map((column, index) => [column.name, index])) };
}

/** The row in the types of its columns: a missing string is the empty string, anything else missing is null. */
export function fitted(cells: (Cell | undefined)[], columns: Column[]): Row {
  return columns.map((column, index) => cells[index] ?? (column.type === "string" ? "" : null));
}
