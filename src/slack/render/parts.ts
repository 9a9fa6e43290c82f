import type { RichTextBlockElement, RichTextElement } from "@slack/types";
import { formatNumber } from "../../locales/format.ts";
import type { Message, Part, Sentence } from "../../message/message.ts";
import { actionPieces, placesOf } from "./buttons.ts";
import { chartItem } from "./chart.ts";
import { longestText, type Naming, richElements } from "./inline.ts";
import { cut, literal, oneLine } from "./literal.ts";
import { note } from "./note.ts";
import { type Item, type Piece, sizeOf } from "./piece.ts";
import { csvFile } from "./tables/csv.ts";
import { type TableContext, tableItem } from "./tables/table.ts";
import { compileWords } from "./words.ts";

export type PartContext = Naming & TableContext;

/** Each part of a message as pieces that fit Slack on their own; fitting them together is `pages`. */
export function itemsOf(message: Message, context: PartContext): Item[] {
  const own = message.parts.find((part) => typeof part === "object" && part !== null && "file" in part);
  const file = own && "file" in own ? safeName(own.file.name) : undefined;
  let buttons = 0;
  return message.parts.flatMap((part) => {
    if (typeof part === "object" && part !== null && "actions" in part) buttons += placesOf(part.actions);
    return items(part, { ...context, ...(file && { file }) }, buttons);
  });
}

function items(part: Part, context: PartContext, buttons: number): Item[] {
  if (typeof part !== "object" || part === null) return [];
  if ("sentence" in part) return [section(richElements(part.sentence, context))];
  if ("note" in part) return [note(part.note, context)];
  if ("facts" in part) return facts(part.facts, context);
  if ("list" in part) return list(part.list, context);
  if ("quote" in part) return [quote(part.quote, context)];
  if ("code" in part) return [codeBlock(part.code, context)];
  if ("progress" in part) return [progress(part.progress, context)];
  if ("actions" in part) return actionPieces(part.actions, buttons - placesOf(part.actions), context);
  if ("divider" in part) return [{ blocks: [{ type: "divider" }] }];
  if ("table" in part) return [tableItem(part, context)];
  if ("chart" in part) return [chartItem(part, context.language)];
  if ("file" in part) {
    const name = safeName(part.file.name);
    const title = cut(oneLine(part.file.title) || name, 200);
    return [{ blocks: [], files: [csvFile(name, title, () => part.file.csv)], keep: true }];
  }
  if ("document" in part) {
    const name = safeName(part.document.name);
    const title = cut(oneLine(part.document.title) || name, 200);
    const file = { name, title, content: `${JSON.stringify(part.document.json, null, 2)}\n` };
    return [{ blocks: [], files: [file], keep: true }];
  }
  return [];
}

/** A file's name without anything that could be taken for a path. */
function safeName(name: string): string {
  return cut(
    oneLine(name)
      .replace(/[/\\:]/g, "-")
      .replace(/^\.+/, "") || "rows.csv",
    200,
  );
}

function section(elements: RichTextElement[]): Piece {
  return { blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }] };
}

/** Groups lines into blocks of at most 2,900 characters. */
function grouped<Line>(lines: readonly Line[], block: (lines: Line[]) => RichTextBlockElement): Piece[] {
  const pieces: Piece[] = [];
  let taken: Line[] = [];
  let used = 0;
  const flush = () =>
    taken.length > 0 && pieces.push({ blocks: [{ type: "rich_text", elements: [block(taken)] }] });
  for (const line of lines) {
    const size = sizeOf([line]);
    if (used + size > longestText) {
      flush();
      taken = [];
      used = 0;
    }
    taken.push(line);
    used += size;
  }
  flush();
  return pieces;
}

function list(sentences: readonly Sentence[], context: PartContext): Piece[] {
  const lines = sentences.map((sentence) => richElements(sentence, context, { max: 2_000 }));
  return grouped(lines, (taken) => ({
    type: "rich_text_list",
    style: "bullet",
    elements: taken.map((elements) => ({ type: "rich_text_section", elements })),
  }));
}

/** `Label: value` on a line each; rich text, so that a value is shown and copied exactly as it is. */
function facts(pairs: readonly [string, Sentence][], context: PartContext): Piece[] {
  const lines = pairs.map(([label, value]): RichTextElement[] => [
    { type: "text", text: `${cut(oneLine(label) || "–", 150)}: `, style: { bold: true } },
    ...richElements(value, context, { max: 2_000 }),
  ]);
  return grouped(lines, (taken) => ({
    type: "rich_text_section",
    elements: taken.flatMap((line, index) => (index === 0 ? line : [{ type: "text", text: "\n" }, ...line])),
  }));
}

function quote(text: string, context: PartContext): Piece {
  return block("rich_text_quote", text, context);
}

function codeBlock(text: string, context: PartContext): Piece {
  return block("rich_text_preformatted", text, context);
}

function block(
  type: "rich_text_quote" | "rich_text_preformatted",
  text: string,
  context: PartContext,
): Piece {
  const whole = literal(text).trim() || "–";
  const ending = compileWords(context.language)("cut", {
    count: Math.max(0, whole.length - longestText + 60),
  });
  const shown = cut(whole, longestText, ending);
  return { blocks: [{ type: "rich_text", elements: [{ type, elements: [{ type: "text", text: shown }] }] }] };
}

function progress(
  { done, total, label }: { done: number; total: number; label: string },
  context: PartContext,
): Piece {
  const share = Number.isFinite(done / total) ? Math.max(0, Math.min(1, done / total)) : 0;
  const filled = Math.round(share * 20);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  const count = [done, total].map((value) =>
    Number.isFinite(value) ? formatNumber(value, context.language) : "–",
  );
  const text = ` ${Math.floor(share * 100)} % (${count.join("/")})${label ? ` · ${cut(oneLine(label), 1_000)}` : ""}`;
  return section([
    { type: "text", text: bar, style: { code: true } },
    { type: "text", text },
  ]);
}
