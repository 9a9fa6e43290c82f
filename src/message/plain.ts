import { formatTime } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import type { Inline, Sentence } from "./message.ts";

/** A sentence as plain text, for records and logs: links by their label, people and channels by their id. */
export function plainText(sentence: Sentence, language: Language): string {
  const pieces: readonly Inline[] = Array.isArray(sentence) ? sentence : [sentence as Inline];
  return pieces.map((piece) => plainPiece(piece, language)).join("");
}

function plainPiece(piece: Inline, language: Language): string {
  if (typeof piece === "string") return piece;
  if ("strong" in piece) return piece.strong;
  if ("code" in piece) return piece.code;
  if ("link" in piece) return piece.link;
  if ("time" in piece) return formatTime(piece.time, language);
  return "person" in piece ? `@${piece.person}` : `#${piece.channel}`;
}
