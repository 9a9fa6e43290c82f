import type { RichTextElement } from "@slack/types";
import { formatTime } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import type { Inline, Sentence } from "../../message/message.ts";
import { cut, cutEscaped, escapeText, inert, literal, webAddress } from "./literal.ts";
import { compileWords } from "./words.ts";

/**
 * How people are named. A `user` element in a posted message notifies that person, so it is used only where no one but
 * the asker reads (`live`: ephemeral messages, modals); elsewhere the name is text, or the id where none is known.
 */
export type Naming = {
  language: Language;
  live?: boolean;
  names?: ReadonlyMap<string, string>;
  /** IANA name; of times in plain text. UTC, where not given. */
  timezone?: string;
};

/** 2,900 of the 3,000 characters that Slack allows for a text. */
export const longestText = 2900;

/** The end of the year 9999. */
const lastSecond = 253_402_300_800;
const slackId = /^[A-Z][A-Z0-9]{1,30}$/;
const formats = { clock: "{time}", day: "{date_short_pretty}", full: "{date_short_pretty} {time}" };

/** The pieces of a sentence; never undefined, whatever it was. */
export function pieces(sentence: Sentence): readonly Inline[] {
  return (Array.isArray(sentence) ? sentence : [sentence]) as readonly Inline[];
}

/** One piece as a person would read it aloud: plain, harmless, not yet escaped. */
export function spoken(piece: Inline, naming: Naming): string {
  if (typeof piece !== "object" || piece === null) return literal(piece);
  if ("strong" in piece) return literal(piece.strong);
  if ("code" in piece) return literal(piece.code);
  if ("link" in piece)
    return webAddress(piece.url) ? literal(piece.link).trim() || literal(piece.url) : unlinked(piece);
  if ("time" in piece) return formatTime(literal(piece.time), naming.language, naming);
  if ("person" in piece) return nameOf(piece.person, naming);
  if ("channel" in piece) return literal(piece.channel);
  return "";
}

/** The whole sentence as plain text on as many lines as it has. */
export function plain(sentence: Sentence, naming: Naming): string {
  return pieces(sentence)
    .map((piece) => spoken(piece, naming))
    .join("");
}

/** An address that must not be linked is shown as text, so that nothing is lost. */
function unlinked(piece: { link: string; url: string }): string {
  return `${literal(piece.link)} (${literal(piece.url)})`;
}

function nameOf(id: string, { names }: Naming): string {
  return literal(names?.get(id) ?? id);
}

type Style = { bold?: true; code?: true };

function rich(piece: Inline, naming: Naming, style: Style): RichTextElement[] {
  const text = (value: string, more: Style = {}): RichTextElement[] => {
    const both = { ...style, ...more };
    return value === ""
      ? []
      : [{ type: "text", text: value, ...(Object.keys(both).length > 0 && { style: both }) }];
  };
  if (typeof piece !== "object" || piece === null) return text(spoken(piece, naming));
  if ("strong" in piece) return text(spoken(piece, naming), { bold: true });
  if ("code" in piece) return text(spoken(piece, naming), { code: true });
  if ("link" in piece) {
    const url = webAddress(piece.url);
    if (!url) return text(unlinked(piece));
    return [{ type: "link", url, text: cut(spoken(piece, naming), 500), ...(style.bold && { style }) }];
  }
  if ("time" in piece) {
    const timestamp = Math.floor(Date.parse(piece.time) / 1000);
    // Azure's "never" is the year 1: Slack counts in seconds from 1970 on.
    if (!(timestamp > 0 && timestamp < lastSecond)) return text(spoken(piece, naming));
    const format = formats[piece.style ?? "full"] ?? formats.full;
    return [{ type: "date", timestamp, format, fallback: spoken(piece, naming) }];
  }
  if ("person" in piece && naming.live && slackId.test(piece.person))
    return [{ type: "user", user_id: piece.person }];
  // A channel's link notifies no one.
  if ("channel" in piece && slackId.test(piece.channel))
    return [{ type: "channel", channel_id: piece.channel }];
  return text(
    spoken(piece, naming),
    naming.names?.has("person" in piece ? piece.person : "") ? {} : { code: true },
  );
}

/** Characters that Slack may count in an element: all its strings but the type. */
function weight(element: RichTextElement): number {
  return Object.entries(element).reduce(
    (sum, [key, value]) => sum + (key !== "type" && typeof value === "string" ? value.length : 0),
    0,
  );
}

/**
 * A sentence as rich text elements of at most `max` characters together; where it is longer, it ends with how much
 * is missing. Never empty: an empty sentence is a dash.
 */
export function richElements(
  sentence: Sentence,
  naming: Naming,
  { max = longestText, style = {} }: { max?: number; style?: Style } = {},
): RichTextElement[] {
  const all = pieces(sentence).flatMap((piece) => rich(piece, naming, style));
  if (all.every((element) => element.type === "text" && element.text.trim() === ""))
    return [{ type: "text", text: "–" }];
  const total = all.reduce((sum, element) => sum + weight(element), 0);
  if (total <= max) return all;
  const say = compileWords(naming.language);
  const kept: RichTextElement[] = [];
  let room = max - say("cut", { count: total }).length;
  for (const element of all) {
    if (weight(element) <= room) kept.push(element);
    else if (element.type === "text" && room > 1)
      kept.push({ ...element, text: cut(element.text, room, "") });
    room -= weight(element);
    if (room <= 0) break;
  }
  const shown = kept.reduce((sum, element) => sum + weight(element), 0);
  return [...kept, { type: "text", text: say("cut", { count: total - shown }) }].filter(
    (element) => element.type !== "text" || element.text !== "",
  ) as RichTextElement[];
}

/** A sentence for a `mrkdwn` field: links, times and channels stay live, everything else is inert; on one line. */
export function mrkdwn(sentence: Sentence, naming: Naming, max = longestText): string {
  let text = "";
  let used = 0;
  const all = pieces(sentence).flatMap((piece) => rich(piece, naming, {}));
  for (const element of all) {
    // What is too long is cut as plain text before it is escaped: an entity is never cut through.
    const next = weight(element) <= max ? marked(element) : undefined;
    if (next !== undefined && text.length + next.length <= max - 60) text += next;
    else {
      // Escaping makes a character five at most.
      const room = Math.floor((max - 60 - text.length) / 5);
      const kept = element.type === "text" && room > 0 ? cut(element.text, room, "") : "";
      const left = plain(sentence, naming).length - used - kept.length;
      const ending = compileWords(naming.language)("cut", { count: Math.max(1, left) });
      return `${text}${inert(kept.replace(/\s+/gu, " "))}${ending}`;
    }
    used += "text" in element ? (element.text?.length ?? 0) : 0;
  }
  return text.trim() || "–";
}

function marked(element: RichTextElement): string {
  if (element.type === "link")
    return `<${escapeText(element.url).replaceAll("|", "%7C")}|${inert(element.text ?? "").replaceAll("|", "¦")}>`;
  if (element.type === "date")
    return `<!date^${element.timestamp}^${element.format}|${inert(element.fallback ?? "")}>`;
  if (element.type === "user") return `<@${element.user_id}>`;
  if (element.type === "channel") return `<#${element.channel_id}>`;
  return element.type === "text" ? inert(element.text.replace(/\s+/gu, " ")) : "";
}

/** The top-level `text`: plain, inert, on one line, without any mention of people. */
export function fallback(sentence: Sentence, naming: Naming): string {
  const parts = pieces(sentence).map((piece) => {
    const channel = typeof piece === "object" && piece !== null && "channel" in piece ? piece.channel : "";
    if (slackId.test(channel)) return `<#${channel}>`;
    return inert(cut(spoken(piece, naming).replace(/\s+/gu, " "), longestText));
  });
  return cutEscaped(parts.join("").trim(), longestText) || "–";
}

/** Ids of the people that a message names, so that their names can be looked up before it is compiled. */
export function peopleIn(value: unknown, people = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const one of value) peopleIn(one, people);
  else if (typeof value === "object" && value !== null) {
    if ("person" in value && typeof value.person === "string" && slackId.test(value.person))
      people.add(value.person);
    else for (const one of Object.values(value)) peopleIn(one, people);
  }
  return people;
}
