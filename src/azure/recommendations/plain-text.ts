import { capped } from "../fields.ts";

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: " " };

/** Descriptions and remediation steps come as HTML: words and line breaks are kept, the rest is taken away. */
export function plainText(value: unknown, most: number): string {
  if (typeof value !== "string") return "";
  const words = value
    .slice(0, most * 4)
    .replace(/<(?:br|\/p|\/li|\/div|\/h\d)[^<>]{0,200}>/gi, "\n")
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .replace(/&(lt|gt|amp|quot|apos|nbsp);/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n\s*/g, "\n");
  return capped(words.trim(), most);
}
