import type { Sentence } from "../../message/message.ts";
import { longestText, mrkdwn, type Naming, pieces, plain } from "./inline.ts";
import { cut, oneLine } from "./literal.ts";
import type { Piece } from "./piece.ts";
import { compileWords } from "./words.ts";

/** A note in small print. Plain text unless something in it is live: then `mrkdwn`, in which the rest is inert. */
export function note(sentence: Sentence, naming: Naming): Piece {
  const live = pieces(sentence).some(
    (piece) => typeof piece === "object" && piece !== null && !("strong" in piece || "code" in piece),
  );
  if (live)
    return {
      blocks: [
        { type: "context", elements: [{ type: "mrkdwn", text: mrkdwn(sentence, naming), verbatim: true }] },
      ],
      keep: true,
    };
  const whole = oneLine(plain(sentence, naming)) || "–";
  const ending = compileWords(naming.language)("cut", {
    count: Math.max(0, whole.length - longestText + 60),
  });
  const text = cut(whole, longestText, ending);
  return {
    blocks: [{ type: "context", elements: [{ type: "plain_text", text, emoji: false }] }],
    keep: true,
  };
}
