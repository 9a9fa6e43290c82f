/**
 * Slack's own notation in what people type, back to words. Source: docs.slack.dev "Formatting message text", "Parsing".
 */

/** What cannot be seen and comes along when words are copied: it would make another word of each. */
const invisible = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** What a person typed as a command line: also where it was copied with its marks from a message, as `/defender status`. */
export function typedLine(text: string): string {
  const line = decodeText(text);
  const [, quoted = line] = /^(`{1,3})([^`]+)\1$/.exec(line)?.slice(1) ?? [];
  return quoted.trim().replace(/^\/defender(?:\s+|$)/i, "");
}

/** `<#C1|security>` → `C1`, `<@U1>` → `U1`, `<https://a.b|a.b>` → `a.b`, `&amp;` → `&`. */
export function decodeText(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => decodeEntity(inside))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(invisible, "")
    .replace(/[\u00A0\u3000]/gu, " ")
    .trim();
}

function decodeEntity(inside: string): string {
  const [target = "", ...rest] = inside.split("|");
  const label = rest.join("|");
  if (/^[@#]/.test(target)) return target.slice(1);
  if (target.startsWith("!subteam^")) return target.slice("!subteam^".length);
  // `<!here>` and its like were typed as `@here`; a date has its fallback.
  if (target.startsWith("!")) return label || `@${target.slice(1)}`;
  return label || target.replace(/^mailto:/, "");
}

/** What was said to the bot: the words after its mention, or those before it where none follow. */
export function withoutMention(text: string, bot: string | undefined): string {
  const mentions = [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].filter(([, id]) => !bot || id === bot);
  const ends = mentions.map(({ 0: mention, index }) => index + mention.length);
  const pieces = [...mentions.map(({ index }) => index), text.length].map((end, at) =>
    text.slice(ends[at - 1] ?? 0, end),
  );
  const [before = "", ...after] = pieces;
  const words = after.join(" ").replace(/^[\s,:]+/, "");
  return (words.trim() || before).trim();
}
