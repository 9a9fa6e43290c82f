import type { Cell } from "../../../message/message.ts";
import { inTurns, type Steps } from "../../../text/yield-to-event-loop.ts";
import { literal } from "../literal.ts";
import type { CompiledFile } from "../piece.ts";

/**
 * Where a spreadsheet may take text for a formula, full-width signs included: at the start of a cell, and after what
 * separates cells where `;` does, because quotes then hold nothing together.
 */
const formula = /(^|[;\n])(?=[^\S\n]*[=+\-@＝＋－＠])/gu;

/**
 * Rows of cells as a CSV file after RFC 4180. It begins with a byte order mark, without which Excel misreads Japanese.
 * Text that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP "CSV Injection").
 */
export function toCsv(rows: CsvRows): string {
  return `${mark}${rows.map(lineOf).join("")}`;
}

/** The same as bytes, written in steps: a file about thousands of clusters has megabytes. */
export function* csvSteps(rows: CsvRows): Steps<Buffer<ArrayBuffer>> {
  const written = [Buffer.from(mark, "utf8")];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    written.push(Buffer.from(some.map(lineOf).join(""), "utf8"));
    yield some.reduce((cells, { length }) => cells + length, 0);
  }
  return Buffer.concat(written);
}

/** A file of rows. They are written only when it is posted, not with every other call of its message. */
export function csvFile(name: string, title: string, rows: () => CsvRows): CompiledFile {
  return {
    name,
    title,
    get content() {
      return toCsv(rows());
    },
    steps: () => csvSteps(rows()),
  };
}

/** The content of a file; a long one lets others in while it is written. */
export async function fileBytes(file: CompiledFile): Promise<Buffer<ArrayBuffer>> {
  return file.steps ? inTurns(file.steps()) : Buffer.from(file.content, "utf8");
}

const mark = "\uFEFF";
const rowsAtOnce = 100;
const lineOf = (row: CsvRows[number]) => `${row.map(csvCell).join(",")}\r\n`;

type CsvRows = readonly (readonly (string | number)[])[];

function csvCell(value: string | number): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = literal(value).replace(formula, "$1'");
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table's cell in a file: numbers stay numbers, a link keeps its address. */
export function cellValue(cell: Cell | undefined): string | number {
  if (typeof cell !== "object" || cell === null) return literal(cell);
  if ("number" in cell) return Number.isFinite(cell.number) ? cell.number : literal(cell.text);
  return `${literal(cell.link)} (${literal(cell.url)})`;
}

/** `Open alerts` on 22 November 2026, 08:00 → `open-alerts-2026-11-22T0800Z.csv`. */
export function fileName(title: string, now: string): string {
  const words = literal(title)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/gu, "");
  const time = Number.isNaN(Date.parse(now))
    ? ""
    : `-${new Date(now).toISOString().slice(0, 16).replace(":", "")}Z`;
  return `${Array.from(words).slice(0, 60).join("") || "rows"}${time}.csv`;
}
