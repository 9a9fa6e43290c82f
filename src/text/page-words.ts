const longestPage = 5000;

/** The words of a page in HTML, such as a proxy puts in place of an answer, without scripts and tags. */
export function pageWords(html: string): string {
  return (
    html
      .slice(0, longestPage)
      // Before a closing tag, everything from the first opening one on: a pattern over the pair takes cubic time.
      .split(/<\/(?:script|style)>/i)
      .map((piece) => piece.replace(/<(?:script|style)[\s\S]*$/i, " "))
      .join(" ")
      .replace(/<[^<>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim()
  );
}
