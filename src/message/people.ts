import type { Inline } from "./message.ts";

/** Words that name people by their Slack ids, as a sentence that shows people: `Only approvers can: U0123456789.` */
export function withPeople(words: string): Inline[] {
  return words
    .split(/\b([UW][A-Z0-9]{6,})\b/)
    .map((piece, at) => (at % 2 === 0 ? piece : { person: piece }))
    .filter((piece) => piece !== "");
}
