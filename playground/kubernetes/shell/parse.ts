import { lex, type Part, type Token } from "./lex.ts";

export type Word = Part[];
export type Redirect = { from: "out" | "err" | "in"; to: "file" | "append" | "out" | "err"; file?: Word };
export type Command =
  | { kind: "simple"; words: Word[]; redirects: Redirect[] }
  | { kind: "if"; when: List; body: List; otherwise?: List }
  | { kind: "for"; name: string; words: Word[]; body: List };
/** `join`: how the command hangs on the one before it; `&`: it runs beside what follows. */
export type List = { command: Command; join: ";" | "&&" | "||" | "&" }[];

const redirections: Record<string, Omit<Redirect, "file"> & { file: boolean }> = {
  ">": { from: "out", to: "file", file: true },
  ">>": { from: "out", to: "append", file: true },
  "2>": { from: "err", to: "file", file: true },
  "<": { from: "in", to: "file", file: true },
  "2>&1": { from: "err", to: "out", file: false },
  ">&2": { from: "out", to: "err", file: false },
};

/**
 * Reads a script into lists of commands: what the scripts of scenarios, of their commands and of AKS's run-command have.
 * Throws an Error in the shell's words for what it cannot read.
 */
export function parseScript(script: string): List {
  const reader = { tokens: lex(script), at: 0 };
  const list = readList(reader, []);
  if (reader.at < reader.tokens.length) throw unexpected(reader.tokens[reader.at]);
  return list;
}

type Reader = { tokens: Token[]; at: number };

const plain = (token: Token | undefined) =>
  token?.kind === "word" && token.parts.every((part) => part.kind === "text" && !part.quoted)
    ? token.parts.map((part) => part.text).join("")
    : undefined;
const operator = (token: Token | undefined) => (token?.kind === "operator" ? token.text : undefined);
const unexpected = (token: Token | undefined) =>
  new Error(
    `syntax error: unexpected ${token ? `"${plain(token) ?? operator(token) ?? "word"}"` : "end of file"}`,
  );

function expectWord(reader: Reader, word: string) {
  skip(reader);
  if (plain(reader.tokens[reader.at]) !== word) throw unexpected(reader.tokens[reader.at]);
  reader.at++;
}

function skip(reader: Reader) {
  while (/^[;\n]$/.test(operator(reader.tokens[reader.at]) ?? "")) reader.at++;
}

function readList(reader: Reader, ends: readonly string[]): List {
  const list: List = [];
  let join: List[number]["join"] = ";";
  for (;;) {
    skip(reader);
    const token = reader.tokens[reader.at];
    if (!token || ends.includes(plain(token) ?? "")) return list;
    list.push({ command: readCommand(reader), join });
    const next = operator(reader.tokens[reader.at]);
    join = next === "&&" || next === "||" ? next : ";";
    if (next === "&") list.at(-1)!.join = "&";
    if (next === "&&" || next === "||" || next === "&") reader.at++;
  }
}

function readCommand(reader: Reader): Command {
  const word = plain(reader.tokens[reader.at]);
  if (word !== "if" && word !== "for") return readSimple(reader);
  reader.at++;
  return word === "if" ? readIf(reader) : readFor(reader);
}

function readRedirects(reader: Reader): Redirect[] {
  const redirects: Redirect[] = [];
  for (;;) {
    const known = redirections[operator(reader.tokens[reader.at]) ?? ""];
    if (!known) return redirects;
    reader.at++;
    const { file, ...redirect } = known;
    if (!file) redirects.push(redirect);
    else {
      const word = reader.tokens[reader.at++];
      if (word?.kind !== "word") throw unexpected(word);
      redirects.push({ ...redirect, file: word.parts });
    }
  }
}

function readSimple(reader: Reader): Command {
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    redirects.push(...readRedirects(reader));
    const token = reader.tokens[reader.at];
    if (token?.kind !== "word") break;
    words.push(token.parts);
    reader.at++;
  }
  if (words.length === 0 && redirects.length === 0) throw unexpected(reader.tokens[reader.at]);
  return { kind: "simple", words, redirects };
}

function readIf(reader: Reader): Command {
  const when = readList(reader, ["then"]);
  expectWord(reader, "then");
  const body = readList(reader, ["else", "fi"]);
  const hasElse = plain(reader.tokens[reader.at]) === "else";
  if (hasElse) reader.at++;
  const otherwise = hasElse ? readList(reader, ["fi"]) : undefined;
  expectWord(reader, "fi");
  return { kind: "if", when, body, otherwise };
}

function readFor(reader: Reader): Command {
  const name = plain(reader.tokens[reader.at++]) ?? "";
  const words: Word[] = [];
  expectWord(reader, "in");
  for (let token = reader.tokens[reader.at]; token?.kind === "word"; token = reader.tokens[++reader.at])
    words.push(token.parts);
  expectWord(reader, "do");
  const body = readList(reader, ["done"]);
  expectWord(reader, "done");
  return { kind: "for", name, words, body };
}
