import { isObject } from "../blocks/check.ts";
import type { Block } from "../message.ts";
import { type Names, readRichText } from "./inline.ts";
import { pad, widthOf } from "./width.ts";

/** The text of one cell. */
function readCell(cell: unknown, names: Names = {}): string {
  if (!isObject(cell)) return "";
  if (cell.type === "rich_text") return readRichText(cell, names).join(" ");
  return String(cell.text ?? cell.value ?? "");
}

function isNumber(cell: unknown): boolean {
  return isObject(cell) && cell.type === "raw_number";
}

/** A `data_table` as aligned text: the whole of it, though the client would show pages. */
export function readTable(block: Block, names: Names = {}): string[] {
  const rows = (Array.isArray(block.rows) ? block.rows : []).filter(Array.isArray) as unknown[][];
  const texts = rows.map((row) => row.map((cell) => readCell(cell, names).replaceAll("\n", " ")));
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (row: string[], index: number) =>
    widths
      .map((width, column) =>
        pad(row[column] ?? "", width, isNumber(rows[index]?.[column]) || numeric(column) ? "right" : "left"),
      )
      .join(" │ ")
      .trimEnd();
  const numeric = (column: number) => rows.length > 1 && rows.slice(1).every((row) => isNumber(row[column]));
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  const body = texts.map(line);
  const head =
    typeof block.caption === "string" ? [`▦ ${block.caption}${pages(block, rows.length - 1)}`] : [];
  return [...head, ...body.slice(0, 1), rule, ...body.slice(1)].map((text) => `  ${text}`);
}

function pages(block: Block, rows: number): string {
  const size = typeof block.page_size === "number" ? block.page_size : 5;
  return rows > size ? ` (${rows} rows, ${size} a page)` : "";
}
