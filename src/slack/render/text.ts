import type { PlainTextElement } from "@slack/types";
import { cut, oneLine } from "./literal.ts";

/** One line of plain text, never empty, cut to `max` characters. */
export function plainText(text: string, max: number): PlainTextElement {
  return { type: "plain_text", text: cut(oneLine(text) || "–", max), emoji: false };
}
