import {
  byType,
  type Check,
  isObject,
  list,
  number,
  object,
  oneOf,
  problem,
  type Report,
  string,
} from "./check.ts";
import { richText } from "./rich-text.ts";

/** `data_table`. Source: docs.slack.dev "Data table block". */

const cellCharacters = 10_000;

const rawText = object({ type: oneOf("raw_text"), text: string(cellCharacters) });
const rawNumber = object({ type: oneOf("raw_number"), value: number(), text: string(cellCharacters) });
const cell = byType(() => ({ raw_text: rawText, raw_number: rawNumber, rich_text: richText }));
const headerCell = byType(() => ({ raw_text: rawText, raw_number: rawNumber }));

const dataRow: Check = (value, at, report) => {
  const header = at.endsWith("/rows/0");
  list(header ? headerCell : cell, { min: 1, max: 20 })(value, at, report);
};

/** 2 to 101 rows with the header: newer sources say 201, the lower figure is the safe one. */
export const dataTable: Check = object(
  { type: oneOf("data_table"), caption: string(cellCharacters), rows: list(dataRow, { min: 2, max: 101 }) },
  {
    block_id: string(255),
    page_size: number({ min: 1, max: 100, integer: true }),
    row_header_column_index: number({ min: 0, max: 19, integer: true }),
  },
  (value, at, report) => {
    characters(value, at, report);
    const rows = Array.isArray(value.rows) ? value.rows : [];
    const width = Array.isArray(rows[0]) ? rows[0].length : 0;
    for (const [index, entry] of rows.entries())
      if (Array.isArray(entry) && entry.length !== width)
        problem(report, "all rows must have the same number of cells", `${at}/rows/${index}`);
    if (typeof value.row_header_column_index === "number" && value.row_header_column_index >= width)
      problem(report, "must be the index of a column", `${at}/row_header_column_index`);
  },
);

function characters(value: Record<string, unknown>, at: string, report: Report): void {
  if (textLength(value.rows) > cellCharacters)
    problem(report, `must be less than ${cellCharacters + 1} characters`, `${at}/rows`);
}

/** What is read in the cells: every `text` of every cell. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + textLength(entry), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === "string" ? value.text.length : 0;
  return own + (value.elements ? textLength(value.elements) : 0);
}
