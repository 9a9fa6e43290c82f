import type { Language } from "../../locales/language.ts";
import type { Inline, Message } from "../../message/message.ts";
import { severitySigns } from "../../message/words.ts";
import { fallback, type Naming, pieces, plain, richElements } from "./inline.ts";
import { oneLine } from "./literal.ts";
import { note } from "./note.ts";
import { fillPage, type Page } from "./pages.ts";
import { itemsOf } from "./parts.ts";
import { type CompiledFile, type MessageBlock, most } from "./piece.ts";
import { compileWords } from "./words.ts";

/** One call to Slack: at most 45 blocks, 12,000 characters, one table, two charts. `text` makes sense alone. */
export type Compiled = {
  text: string;
  blocks: MessageBlock[];
  files: CompiledFile[];
  /** Types of newer blocks in it, which an older workspace may refuse. */
  usesNewBlocks: string[];
};

export type CompileOptions = {
  language: Language;
  /** Block types that the workspace refuses: shown as text. */
  refused?: readonly string[];
  /** Names of people by id, for messages that others read too (see `Naming`). */
  names?: ReadonlyMap<string, string>;
  /** IANA name; of times in plain text (see `Naming`). */
  timezone?: string;
  /** True where only the asker reads it: people are then named by Slack itself. */
  live?: boolean;
  /** Half as much in each call, for a server that counts otherwise than we do. */
  tight?: boolean;
  /** ISO; dates the files that tables make. Now, where not given. */
  now?: string;
};

const newerBlocks = ["data_table", "data_visualization"];
const signs = { good: "✅", bad: "🔴", warning: "⚠️", neutral: "", ...severitySigns };
/** A longer headline is set as bold text. Source: docs.slack.dev "Header block": 150 characters of plain text. */
const longestHeader = 150;
/** More pages than these are left out, and the last page says so. */
const mostPages = 10;

/**
 * A message as Slack takes it. What does not fit into the first call goes into the thread, ahead of the message's own
 * thread; what the thread cannot take either is said. Never throws, whatever the strings hold.
 */
export function compile(message: Message, options: CompileOptions): { head: Compiled; thread: Compiled[] } {
  const [head, ...more] = compilePages(message, options);
  return { head: head!, thread: [...more, ...threadOf(message, options)] };
}

function threadOf(message: Message, options: CompileOptions): Compiled[] {
  return (message.thread ?? []).flatMap((one) => [...compilePages(one, options), ...threadOf(one, options)]);
}

/**
 * The first line, with a sign for the tone before it: a header, which is plain text, with times in the team's zone. Bold
 * text where it's too long, or holds a link, or a person or channel that Slack itself has to name.
 */
export function headlineBlock(message: Pick<Message, "headline" | "tone">, naming: Naming): MessageBlock {
  const sign = signs[message.tone ?? "neutral"] ?? "";
  const text = oneLine(plain(message.headline, naming));
  const lead = sign && `${sign} `;
  const simple = pieces(message.headline).every((piece) => isPlain(piece, naming));
  if (simple && lead.length + text.length <= longestHeader)
    return { type: "header", text: { type: "plain_text", text: `${lead}${text || "–"}`, emoji: false } };
  const elements = richElements(message.headline, naming, { max: 2_800, style: { bold: true } });
  return {
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [...(lead ? [{ type: "text" as const, text: lead }] : []), ...elements],
      },
    ],
  };
}

function isPlain(piece: Inline, { names }: Naming): boolean {
  if (typeof piece === "string") return true;
  if (!piece) return false;
  if ("person" in piece) return names?.has(piece.person) ?? false;
  return "strong" in piece || "code" in piece || "time" in piece;
}

function compilePages(message: Message, options: CompileOptions): Compiled[] {
  const { language } = options;
  const say = compileWords(language);
  const context = { ...options, now: options.now ?? new Date().toISOString() };
  const forms = {
    dataTable: !options.refused?.includes("data_table"),
    dataVisualization: !options.refused?.includes("data_visualization"),
  };
  const headline = fallback(message.headline, context);
  const pages: Compiled[] = [];
  let rest = itemsOf(message, context);
  let first: MessageBlock[] = [headlineBlock(message, context)];
  const limits = options.tight ? { ...most, characters: most.characters / 2 } : most;
  do {
    const whole = fillPage(first, rest, forms, limits);
    // What must say that more follows needs room for saying it.
    const filled =
      whole.rest.length === 0
        ? whole
        : fillPage(first, rest, forms, { blocks: limits.blocks - 1, characters: limits.characters - 300 });
    rest = filled.rest;
    const last = pages.length + 1 === mostPages;
    const blocks = filled.page.blocks;
    if (rest.length > 0 && (last || pages.length === 0))
      blocks.push(...note(say(last ? "dropped" : "more", { count: rest.length }), context).blocks);
    const page = pages.length + 1;
    const text =
      page === 1
        ? headline
        : fallback(say("continued", { headline: plain(message.headline, context), page }), context);
    pages.push(compiled(text, { ...filled.page, blocks }));
    first = [];
    if (last) break;
  } while (rest.length > 0);
  return pages;
}

function compiled(text: string, { blocks, files }: Page): Compiled {
  const used = new Set(blocks.map((block) => block.type));
  return {
    text,
    blocks,
    files,
    usesNewBlocks: newerBlocks.filter((type) => used.has(type as MessageBlock["type"])),
  };
}
