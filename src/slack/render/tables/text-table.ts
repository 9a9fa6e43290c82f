import type { RichTextLink, RichTextPreformatted, RichTextText } from "@slack/types";
import { columns, cutColumns } from "../literal.ts";
import type { MessageBlock } from "../piece.ts";

/** A wider column would wrap on every screen. */
const widestColumn = 40;
const perBlock = 2_800;

type Line = (RichTextText | RichTextLink)[];

/**
 * Rows as aligned monospaced text, in blocks of at most 2,900 characters: what a workspace sees that refuses data tables,
 * and in modals, which have none. Wide characters count two columns; addresses stay links.
 */
export function textRows(
  caption: string,
  labels: readonly string[],
  right: readonly boolean[],
  rows: readonly Shown[][],
  room: number,
): { blocks: MessageBlock[]; shown: number; shortened: boolean } {
  const widths = labels.map((label, column) =>
    Math.min(
      widestColumn,
      rows.reduce((most, row) => Math.max(most, columns(row[column]!.text)), columns(label)),
    ),
  );
  const header = line(
    labels.map((text) => ({ text, shortened: false })),
    widths,
    right,
  );
  const rule: Line = [{ type: "text", text: widths.map((width) => "─".repeat(width)).join("  ") }];
  const chunks: Line[][] = [[header, rule]];
  let used = caption.length + length(header) + length(rule);
  let inChunk = used;
  let shown = 0;
  let shortened = false;
  for (const row of rows) {
    let next = line(row, widths, right);
    if (shown === 0 && used + length(next) > room)
      next = line(
        row.map(({ url: _, ...cell }) => cell),
        widths,
        right,
      );
    if (shown > 0 && used + length(next) + 40 > room) break;
    if (inChunk + length(next) > perBlock && shown > 0) {
      chunks.push([]);
      inChunk = 0;
    }
    chunks.at(-1)!.push(next);
    shortened ||= row.some(({ text }, column) => columns(text) > widths[column]!);
    used += length(next);
    inChunk += length(next);
    shown += 1;
  }
  const blocks = chunks.map((lines, index): MessageBlock => {
    const preformatted: RichTextPreformatted = { type: "rich_text_preformatted", elements: joined(lines) };
    const title = { type: "text" as const, text: caption, style: { bold: true } };
    return {
      type: "rich_text",
      elements:
        index === 0 ? [{ type: "rich_text_section", elements: [title] }, preformatted] : [preformatted],
    };
  });
  return { blocks, shown, shortened };
}

function line(cells: readonly Shown[], widths: readonly number[], right: readonly boolean[]): Line {
  return cells.flatMap((cell, column): Line => {
    const text = cutColumns(cell.text, widths[column]!);
    const space = " ".repeat(Math.max(0, widths[column]! - columns(text)));
    const gap = column === cells.length - 1 ? "" : "  ";
    const content: Line = cell.url ? [{ type: "link", url: cell.url, text }] : [{ type: "text", text }];
    const before: Line = right[column] && space ? [{ type: "text", text: space }] : [];
    const after = (right[column] ? "" : space) + gap;
    return [...before, ...content, ...(after ? [{ type: "text" as const, text: after }] : [])];
  });
}

function length(one: Line): number {
  return one.reduce(
    (sum, element) => sum + (element.text?.length ?? 0) + ("url" in element ? element.url.length : 0),
    1,
  );
}

/** One list of elements with line breaks; neighbouring texts become one. */
function joined(lines: readonly Line[]): Line {
  const all: Line = [];
  for (const [index, one] of lines.entries())
    for (const element of index === 0 ? one : [{ type: "text" as const, text: "\n" }, ...one]) {
      const last = all.at(-1);
      if (element.type === "text" && last?.type === "text")
        all[all.length - 1] = { ...last, text: last.text + element.text };
      else all.push(element);
    }
  return all;
}

/** A cell as it is shown: text for the width and the text form, with an address or a number where it has one. */
export type Shown = { text: string; url?: string; number?: number; shortened: boolean };
