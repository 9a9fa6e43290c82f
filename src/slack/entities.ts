/**
 * Slack's own notation in what people type, back to words. Source: docs.slack.dev "Formatting message text", "Parsing".
 */

/** `<#C1|security>` → `C1`, `<@U1>` → `U1`, `<https://a.b|a.b>` → `a.b`, `&amp;` → `&`. */
export function decodeText(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => decodeEntity(inside))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/[\u00A0\u3000]/gu, " ")
    .trim();
}

function decodeEntity(inside: string): string {
  const [target = "", ...rest] = inside.split("|");
  const label = rest.join("|");
  if (/^[@#]/.test(target)) return target.slice(1);
  if (target.startsWith("!subteam^")) return target.slice("!subteam^".length);
  // `<!here>` and its like were typed as `@here`; a date stands with its fallback.
  if (target.startsWith("!")) return label || `@${target.slice(1)}`;
  return label || target.replace(/^mailto:/, "");
}

/** What was said to the bot: the words behind its mention, or those before it where none follow. */
export function withoutMention(text: string, bot: string | undefined): string {
  const mention = bot ? new RegExp(`<@${bot}(?:\\|[^>]*)?>`) : /<@[A-Z0-9]+(?:\|[^>]*)?>/;
  const [before = "", ...after] = text.split(mention);
  const words = after.join(" ").replace(/^[\s,:]+/, "");
  return (words.trim() || before).trim();
}
