import type { RawNumberElement, RawTextElement, RichTextBlock } from "@slack/types";
import { formatNumber } from "../../../locales/format.ts";
import type { Language } from "../../../locales/language.ts";
import type { Cell, Table } from "../../../message/message.ts";
import { cut, oneLine, webAddress } from "../literal.ts";
import { note } from "../note.ts";
import { type Flexible, type MessageBlock, type Piece, sizeOf } from "../piece.ts";
import { compileWords } from "../words.ts";
import { cellValue, csvFile, fileName } from "./csv.ts";
import type { Shown } from "./text-table.ts";
import { textRows } from "./text-table.ts";

/** Source: docs.slack.dev "Data table block": 2 to 101 rows with the header, 20 columns, 10,000 characters. */
const limits = { rows: 100, columns: 20, characters: 9_600 };
/** Left free in the budget for the notes on what was left out, and the least that a table needs for its first row. */
const forNotes = 600;
export const leastTable = 3_400;

type DataCell = RawTextElement | RawNumberElement | RichTextBlock;

export type TableContext = {
  language: Language;
  now: string;
  /** Name of a file that the message brings itself; else the table makes one when something does not fit. */
  file?: string;
};

function show(cell: Cell | undefined, language: Language, max: number): Shown {
  const isObject = typeof cell === "object" && cell !== null;
  const number = isObject && "number" in cell ? cell.number : undefined;
  const said = isObject ? ("link" in cell ? cell.link : cell.text) : cell;
  const counted = number !== undefined && Number.isFinite(number) ? formatNumber(number, language) : "";
  const whole = oneLine(said) || counted || "–";
  const text = cut(whole, max);
  const address = isObject && "url" in cell ? webAddress(cell.url) : undefined;
  const url = address && address.length <= 1000 ? address : undefined;
  return {
    text,
    ...(url && { url }),
    ...(counted && { number }),
    shortened: text !== whole || (isObject && "url" in cell && !url),
  };
}

function dataCell({ text, url, number }: Shown): DataCell {
  if (number !== undefined) return { type: "raw_number", value: number, text };
  if (!url) return { type: "raw_text", text };
  const element = { type: "rich_text_section" as const, elements: [{ type: "link" as const, url, text }] };
  return { type: "rich_text", elements: [element] };
}

/**
 * A table in whatever room there is: as Slack's own data table, or as aligned text. Says how many rows and columns it
 * leaves out, and hands all of them over as a CSV file.
 */
export function tableItem({ table }: Table, context: TableContext): Flexible | Piece {
  const width = Math.min(limits.columns, table.columns.length);
  const perCell = Math.max(40, Math.min(250, Math.floor(1500 / Math.max(1, width))));
  const labels = table.columns
    .slice(0, width)
    .map(({ label }) => cut(oneLine(label) || "–", Math.min(60, Math.floor(900 / width))));
  const caption = cut(oneLine(table.caption) || "–", 200);
  if (width === 0 || table.rows.length === 0)
    return note([`${caption}: `, compileWords(context.language)("noRows")], { language: context.language });
  const rows = table.rows
    .slice(0, limits.rows)
    .map((row) => Array.from({ length: width }, (_, at) => show(row[at], context.language, perCell)));
  const build = (budget: number, native: boolean): Piece => {
    const room = Math.max(leastTable, budget) - forNotes;
    const drawn = native
      ? dataTable(caption, labels, rows, room, table)
      : textTable(caption, labels, rows, room, table);
    return withRest(drawn, table, rows, context);
  };
  return {
    natural: sizeOf(dataTable(caption, labels, rows, Number.POSITIVE_INFINITY, table).blocks) + forNotes,
    build,
  };
}

type Drawn = { blocks: MessageBlock[]; shown: number; plain?: boolean };

function dataTable(
  caption: string,
  labels: string[],
  rows: Shown[][],
  room: number,
  table: Table["table"],
): Drawn {
  const header: DataCell[] = labels.map((text) => ({ type: "raw_text", text }));
  const taken: DataCell[][] = [header];
  let used = caption.length + sizeOf(header);
  let unlinked = false;
  for (const row of rows) {
    let cells = row.map(dataCell);
    const limit = Math.min(room, limits.characters);
    if (taken.length === 1 && used + sizeOf(cells) > limit) {
      // The first row always fits without its addresses.
      cells = row.map(({ url: _, ...cell }) => dataCell(cell));
      unlinked = true;
    }
    if (taken.length > 1 && used + sizeOf(cells) > limit) break;
    used += sizeOf(cells);
    taken.push(cells);
  }
  const page = Math.round(table.pageSize ?? 10);
  const block: MessageBlock = {
    type: "data_table",
    caption,
    rows: taken,
    page_size: Math.max(1, Math.min(100, Number.isFinite(page) ? page : 10)),
  };
  return { blocks: [block], shown: taken.length - 1, plain: unlinked };
}

function textTable(
  caption: string,
  labels: string[],
  rows: Shown[][],
  room: number,
  table: Table["table"],
): Drawn {
  const right = labels.map(
    (_, column) =>
      table.columns[column]?.align === "right" || rows.every((row) => row[column]!.number !== undefined),
  );
  const { blocks, shown, shortened } = textRows(caption, labels, right, rows, room);
  return { blocks, shown, plain: shortened };
}

/** Adds the notes on what the table leaves out, and the file that has it. */
function withRest(
  { blocks, shown, plain }: Drawn,
  table: Table["table"],
  rows: Shown[][],
  context: TableContext,
): Piece {
  const say = compileWords(context.language);
  const given = table.rows.length;
  const total = Number.isFinite(table.total) ? Math.max(given, Math.round(table.total!)) : given;
  const widest = table.rows.reduce((most, row) => Math.max(most, row.length), table.columns.length);
  const left = widest - rows[0]!.length;
  const shortened = plain || rows.slice(0, shown).some((row) => row.some((cell) => cell.shortened));
  if (shown === total && left === 0 && !shortened) return { blocks };
  const needed = shown < given || left > 0 || shortened;
  const file = context.file ?? (needed ? fileName(table.caption, context.now) : undefined);
  const lines = [
    shown < total && file && say("rowsInFile", { shown, total, given, file }),
    shown < total && !file && say("rows", { shown, total }),
    left > 0 && say("columnsInFile", { count: left, file: file! }),
    shortened && shown === total && left === 0 && say("cells", { file: file! }),
  ].filter((line) => typeof line === "string");
  const piece: Piece = {
    blocks: [...blocks, ...note(lines.join(" "), { language: context.language }).blocks],
  };
  if (context.file || !needed) return piece;
  const head = Array.from(
    { length: widest },
    (_, column) => oneLine(table.columns[column]?.label) || `${column + 1}`,
  );
  const title = cut(oneLine(table.caption) || file!, 200);
  const cells = () => [
    head,
    ...table.rows.map((row) => Array.from({ length: widest }, (_, at) => cellValue(row[at]))),
  ];
  return { ...piece, files: [csvFile(file!, title, cells)] };
}
