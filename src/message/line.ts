/** A value of an option: a list repeats the option, `true` is a flag, and what is undefined or false is left out. */
export type LineValue = string | number | boolean | undefined | readonly (string | number)[];

/** Words that need no quotes: nothing in them starts an option, a quotation or a gap. */
const plainWord = /^[\p{L}\p{N}_.,:/@#*?%+~!][\p{L}\p{N}_.,:/@#*?%+~!=-]*$/u;
/** Letters of a keyboard in its wide mode, which are read as those of ASCII where they stand without quotes. */
const wide = /[\uFF01-\uFF5E]/;

/**
 * Writes the command line that a button carries; `parseLine` reads the same values back, whatever they hold.
 * @param words the name of the command and its positional words, in order
 * @param options by the name of the argument (`camelCase` becomes `--camel-case`)
 */
export function commandLine(
  words: string | readonly string[],
  options: Record<string, LineValue> = {},
): string {
  const positional = typeof words === "string" ? [words] : words.map(quoteWord);
  const named = Object.entries(options).flatMap(([name, value]) => option(optionName(name), value));
  return [...positional, ...named].join(" ");
}

/** `alertType` → `alert-type`. */
export function optionName(argument: string): string {
  return argument.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A length of time as a line has it: `90m`. */
export function minutesWord(ms: number): string {
  return `${Math.ceil(ms / 60_000)}m`;
}

/** Puts quotes around a word where a reader of the line could take it for anything but itself. */
export function quoteWord(word: string): string {
  return plainWord.test(word) && !wide.test(word) ? word : `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

function option(name: string, value: LineValue): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  const values: readonly (string | number)[] = typeof value === "object" ? value : [value];
  return values.map((one) => `--${name} ${quoteWord(String(one))}`);
}
