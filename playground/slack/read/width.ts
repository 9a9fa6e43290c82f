/** How text lies in a terminal: East Asian wide characters and emoji take two columns, combining marks none. */

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

const none = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    if (none.test(segment)) continue;
    width += wide.test(segment) || segment.includes("\ufe0f") ? 2 : 1;
  }
  return width;
}

/** Fills up with blanks to the width; longer text stays as it is. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? blanks + text : text + blanks;
}
