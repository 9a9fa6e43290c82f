import { isObject } from "../blocks/check.ts";

/** Text as a person sees it: mrkdwn and rich text without their control characters. */

export type Names = { user?(id: string): string; channel?(id: string): string; group?(id: string): string };

export function withoutEntities(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Replaces `<…>` sequences by what Slack shows for them, then the entities. */
export function readMrkdwn(text: string, names: Names = {}): string {
  return text
    .split(/(<[^<>\n]+>)/)
    .map((part, index) => (index % 2 === 1 ? readControl(part.slice(1, -1), names) : withoutEntities(part)))
    .join("");
}

function readControl(inside: string, names: Names): string {
  const [target = "", ...rest] = inside.split("|");
  const label = rest.length > 0 ? withoutEntities(rest.join("|")) : undefined;
  if (target.startsWith("@")) return `@${names.user?.(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${names.channel?.(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith("!date^")) return readDate(target, label);
  if (target.startsWith("!subteam^")) return `@${names.group?.(target.slice(9)) ?? label ?? target.slice(9)}`;
  if (target.startsWith("!")) return `@${target.slice(1)}`;
  return label ?? withoutEntities(target);
}

/** Dates in UTC: the reader's own zone is theirs. */
function readDate(target: string, fallback: string | undefined): string {
  const [, seconds, format] = target.split("^");
  return formatDate(Number(seconds), format ?? "") ?? fallback ?? target;
}

function formatDate(seconds: number, format: string): string | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  const iso = new Date(seconds * 1000).toISOString();
  return format.replace(/\{(\w+)\}/g, (_whole, token: string) => {
    if (token === "time_secs") return `${iso.slice(11, 19)} UTC`;
    if (token === "time") return `${iso.slice(11, 16)} UTC`;
    return token === "ago" ? `at ${iso.slice(0, 16)}` : iso.slice(0, 10);
  });
}

/** A text object, or undefined where there is none. */
export function readText(value: unknown, names: Names = {}): string {
  if (!isObject(value) || typeof value.text !== "string") return "";
  return value.type === "mrkdwn" ? readMrkdwn(value.text, names) : value.text;
}

type Piece = Record<string, unknown>;

function readRichElement(piece: Piece, names: Names): string {
  switch (piece.type) {
    case "link":
      return piece.text ? String(piece.text) : String(piece.url);
    case "user":
      return `@${names.user?.(String(piece.user_id)) ?? piece.user_id}`;
    case "channel":
      return `#${names.channel?.(String(piece.channel_id)) ?? piece.channel_id}`;
    case "date":
      return formatDate(Number(piece.timestamp), String(piece.format)) ?? String(piece.fallback ?? "");
    default:
      return String(piece.text ?? "");
  }
}

/** A rich_text block, one line for each line seen. */
export function readRichText(block: Record<string, unknown>, names: Names = {}): string[] {
  return pieces(block.elements).flatMap((part) => readRichPart(part, names));
}

function readRichPart(part: Piece, names: Names): string[] {
  if (part.type === "rich_text_list") return readList(part, names);
  const lines = pieces(part.elements)
    .map((piece) => readRichElement(piece, names))
    .join("")
    .replace(/\n$/, "")
    .split("\n");
  if (part.type === "rich_text_quote") return lines.map((line) => `▏ ${line}`);
  if (part.type === "rich_text_preformatted") return lines.map((line) => `    ${line}`);
  return lines;
}

function readList(part: Piece, names: Names): string[] {
  const indent = "  ".repeat(Number(part.indent ?? 0));
  return pieces(part.elements).flatMap((item, index) => {
    const point = part.style === "ordered" ? `${Number(part.offset ?? 0) + index + 1}.` : "•";
    return readRichPart(item, names).map((line, row) =>
      row === 0 ? `${indent}${point} ${line}` : `${indent}${" ".repeat(point.length)} ${line}`,
    );
  });
}

function pieces(value: unknown): Piece[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
