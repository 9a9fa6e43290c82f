import type { RichTextBlock, RichTextElement } from "@slack/types";
import type { Compiled } from "./compile.ts";
import { cutEscaped, escapeText, inert, literal } from "./literal.ts";
import { type MessageBlock, most } from "./piece.ts";

/**
 * A page whose blocks Slack refuses in every form, as words alone: what it says is not lost with how it looks. Buttons
 * are: what they do can be typed. Inert, at most 12,000 characters, of the 40,000 that Slack takes in a `text`.
 */
export function withoutBlocks(page: Compiled): Compiled {
  const lines = page.blocks.flatMap(linesOf).filter((line) => line.trim() !== "");
  // The first block of a message is its headline, with a sign before it.
  const rest = lines[0]?.trim().endsWith(page.text) ? lines.slice(1) : lines;
  const whole = [page.text, ...rest].join("\n");
  return { ...page, text: cutEscaped(whole, most.characters), blocks: [], usesNewBlocks: [] };
}

function linesOf(block: MessageBlock): string[] {
  if (block.type === "header") return [inert(block.text.text)];
  if (block.type === "context")
    return block.elements.map((element) =>
      element.type === "mrkdwn" ? element.text : element.type === "plain_text" ? inert(element.text) : "",
    );
  if (block.type === "data_table")
    return [inert(block.caption), ...block.rows.map((row) => row.map(cellWords).join(" | "))];
  return block.type === "rich_text" ? richLines(block as RichTextBlock) : [];
}

type Cell = Extract<MessageBlock, { type: "data_table" }>["rows"][number][number];

function cellWords(cell: Cell): string {
  return cell.type === "rich_text" ? richLines(cell).join(" ") : inert(cell.text);
}

function richLines({ elements }: RichTextBlock): string[] {
  return elements.flatMap((part) =>
    part.type === "rich_text_list"
      ? part.elements.map((item) => `• ${words(item.elements)}`)
      : [words(part.elements)],
  );
}

function words(elements: readonly RichTextElement[]): string {
  return elements
    .map((element) => {
      if (element.type === "text") return inert(element.text);
      if (element.type === "link") return `${inert(element.text ?? "")} ${address(element.url)}`.trim();
      if (element.type === "date") return inert(element.fallback ?? "");
      if (element.type === "channel") return `<#${element.channel_id}>`;
      return element.type === "user" ? literal(element.user_id) : "";
    })
    .join("");
}

/** As a tag: look-alikes in it would lead elsewhere. */
function address(url: string): string {
  return `<${escapeText(url).replaceAll("|", "%7C")}>`;
}
