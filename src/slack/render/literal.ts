/**
 * Untrusted text made harmless, and cut where a reader would cut it. Every string that reaches Slack passes `literal`.
 */

/** C0, C1, DEL, marks and overrides of writing direction: each can hide or reorder what is read. */
const deceiving =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB]+/gu;
/** Zero-width characters, fillers and tags. A joiner between two pictographs (👨‍👩‍👧) is kept. */
const invisible =
  /\u{AD}|\u{34F}|[\u{115F}\u{1160}]|[\u{17B4}\u{17B5}]|[\u{180B}-\u{180F}]|[\u{200B}\u{200C}]|[\u{2060}-\u{2065}]|\u{3164}|\u{FEFF}|\u{FFA0}|[\u{E0000}-\u{E0FFF}]|(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F})\u{200D}|\u{200D}(?!\p{Extended_Pictographic})/gu;
/** More combining marks than any script stacks ("Zalgo"). */
const stacked = /(\p{M}{4})\p{M}+/gu;

/** Printable ASCII, kana and the common ideographs: nearly all text, and nothing in it has to be looked at twice. */
const harmless = /^[\x20-\x7E\n\u3001-\u30FF\u4E00-\u9FFF\uFF01-\uFF5E]*$/u;

/** Any value as text without controls, direction overrides and zero-width characters; line breaks stay. */
export function literal(value: unknown): string {
  const text = typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
  if (harmless.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replaceAll("\t", " ")
    .replace(deceiving, "\uFFFD")
    .replace(invisible, "")
    .replace(stacked, "$1");
}

/** The same on one line, without space at its ends. */
export function oneLine(value: unknown): string {
  return literal(value).replace(/\s+/gu, " ").trim();
}

let segmenter: Intl.Segmenter | undefined;

/** Made at first use: its rules take a while to load, and a start needs none of them. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** At most `max` UTF-16 units (Slack counts no stricter), never through a grapheme; what was cut ends with `ending`. */
export function cut(text: string, max: number, ending = "…"): string {
  if (text.length <= max) return text;
  const end = max - ending.length;
  if (end <= 0) return ending.slice(0, max);
  const start = graphemesOf(text.slice(0, end + 64)).containing(end)?.index ?? end;
  // One grapheme may be longer than everything that is allowed: then a code point has to do.
  const kept = text.slice(0, start > 0 ? start : end).replace(/\p{Surrogate}$/u, "");
  return kept.toWellFormed().trimEnd() + ending;
}

const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** Columns that a text takes in a monospaced font: wide characters count two. */
export function columns(text: string): number {
  // Almost every cell is ASCII: no need to segment it.
  if (/^[\x20-\x7E]*$/.test(text)) return text.length;
  let count = 0;
  for (const { segment } of graphemesOf(text)) count += wide.test(segment) ? 2 : 1;
  return count;
}

/** Cut to a number of columns. */
export function cutColumns(text: string, max: number): string {
  if (columns(text) <= max) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of graphemesOf(text)) {
    used += wide.test(segment) ? 2 : 1;
    if (used > max) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `&`, `<` and `>`, the only three that Slack escapes. Source: docs.slack.dev "Formatting message text". */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Tags, and entities outside of them. */
const escapedUnits = [
  { opens: "<", closes: ">" },
  { opens: "&", closes: ";" },
];

/** The same as `cut` for text that is escaped already: never through a tag (`<#C1>`) or an entity (`&amp;`) either. */
export function cutEscaped(text: string, max: number, ending = "…"): string {
  if (text.length <= max) return text;
  let kept = cut(text, Math.max(0, max - ending.length), "");
  for (const { opens, closes } of escapedUnits) {
    const opened = kept.lastIndexOf(opens);
    if (opened > kept.lastIndexOf(closes)) kept = kept.slice(0, opened);
  }
  return kept.trimEnd() + ending.slice(0, max);
}

const lookalike: Record<string, string> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" };

/**
 * Literal text inside `mrkdwn`, which has no escape for its own marks: where one could format or become an emoji, a
 * character of the same shape replaces it. Used in notes and in the fallback only; everything else is rich text.
 */
export function inert(text: string): string {
  return escapeText(
    text
      .replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => lookalike[mark] ?? mark)
      .replace(/:([\p{L}\p{N}_+'-]+)(?=:)/gu, (whole, name: string) =>
        /\p{L}/u.test(name) ? `∶${name}` : whole,
      )
      .replace(/^([^\S\n\r\u2028\u2029]*)>/gmu, "$1›"),
  );
}

/** An address that may be linked, as Slack takes it; undefined for anything but http and https. */
export function webAddress(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return /^https?:$/.test(protocol) && href.length <= 2000 ? href : undefined;
}
