/**
 * A word of a command line. `unquoted`: it began without a quote, so it may be an option or a keyword. `start` and `end`: where
 * it is in the line, quotes included.
 */
export type Token = { text: string; unquoted: boolean; start: number; end: number };

/** What opens a quotation, and what may then close it: phones mix the typographic forms, keyboards do not. */
const closers = new Map<string, string>([
  ['"', '"'],
  ["'", "'"],
  ["＂", '＂"'],
  ["＇", "＇'"],
  ...[..."“”„‟«»"].map((open) => [open, '“”„‟«»"'] as const),
  ...[..."‘’‚‛‹›"].map((open) => [open, "‘’‚‛‹›'"] as const),
]);

/** What a Japanese keyboard types for ASCII when it is left in its wide mode: a word of nothing else, or what comes before a value. */
const wideWord = /^[\x21-\x7E\uFF01-\uFF5E]+$/;
const wideName = /^[\x21-\x7E\uFF01-\uFF5E]+?[=＝:：]/;

/** Hyphens and dashes that clients, phones and Japanese keyboards make of `--`. */
const dashes = /^[-‐‑‒–—―−－]+(?=\p{L})/u;

/**
 * Splits a line into words as a shell would: gaps separate, quotes hold together, a backslash within straight double
 * quotes keeps the next character. A quote opens at the start of a word, or after `=` or `:`.
 * @returns the words, or undefined where a quotation is not closed
 */
export function tokenise(line: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    if (isGap(line[at]!)) {
      at++;
      continue;
    }
    const word = readWord(line, at);
    if (!word) return undefined;
    tokens.push(word);
    at = word.end;
  }
  return tokens;
}

function readWord(line: string, start: number): Token | undefined {
  const unquoted = !closers.has(line[start]!);
  let literal = false;
  let text = "";
  let at = start;
  while (at < line.length && !isGap(line[at]!)) {
    const opening = text === "" || "=:＝：".includes(text.at(-1)!);
    const opens = opening ? closers.get(line[at]!) : undefined;
    if (opens === undefined) {
      text += line[at++];
      continue;
    }
    const quoted = readQuoted(line, at + 1, opens);
    if (!quoted) return undefined;
    literal = true;
    text += quoted.text;
    at = quoted.end;
  }
  return { text: unquoted ? narrow(plainDashes(text), literal) : text, unquoted, start, end: at };
}

function readQuoted(line: string, start: number, closing: string): { text: string; end: number } | undefined {
  let text = "";
  for (let at = start; at < line.length; at++) {
    const letter = line[at]!;
    if (closing.includes(letter)) return { text, end: at + 1 };
    const escaped = letter === "\\" && closing === '"' && /["\\]/.test(line[at + 1] ?? "");
    text += escaped ? line[++at] : letter;
  }
  return undefined;
}

/** `ｓｔａｔｕｓ` becomes `status`, and `cluster：本番` becomes `cluster:本番`; names in Japanese, and what is quoted, stay as they are. */
function narrow(word: string, literal: boolean): string {
  const ascii = (wide: string) => wide.normalize("NFKC");
  return !literal && wideWord.test(word) ? ascii(word) : word.replace(wideName, ascii);
}

/** `—csv` and `－－csv` become `--csv`; plain hyphens stay as they are. */
function plainDashes(word: string): string {
  return word.replace(dashes, (run) => (/^-+$/.test(run) ? run : "--"));
}

function isGap(letter: string): boolean {
  return /\s/.test(letter);
}
