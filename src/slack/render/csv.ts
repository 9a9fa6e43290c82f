import type { Cell } from "../../message/message.ts";
import { literal } from "./literal.ts";

/**
 * Where a spreadsheet may take text for a formula, full-width signs included: at the start of a cell, and after what
 * separates cells where `;` does, because quotes then hold nothing together.
 */
const formula = /(^|[;\n])(?=[^\S\n]*[=+\-@＝＋－＠])/gu;

/**
 * Rows of cells as a CSV file after RFC 4180. It begins with a byte order mark, without which Excel misreads Japanese.
 * Text that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP "CSV Injection").
 */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("")}`;
}

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
