import { lex, type Part, type Token } from "./lex.ts";

export type Word = Part[];
export type Redirect = { from: "out" | "err" | "in"; to: "file" | "append" | "out" | "err"; file?: Word };
export type Command =
  | { kind: "simple"; words: Word[]; redirects: Redirect[] }
  | { kind: "group"; body: List; own: boolean; redirects: Redirect[] }
  | { kind: "if"; branches: { when: List; body: List }[]; otherwise?: List; redirects: Redirect[] }
  | { kind: "for"; name: string; words: Word[]; body: List; redirects: Redirect[] }
  | { kind: "while"; until: boolean; when: List; body: List; redirects: Redirect[] };
export type Pipeline = { commands: Command[]; not: boolean };
/** `join`: how the pipeline hangs on the one before it. */
export type List = { pipeline: Pipeline; join: ";" | "&&" | "||" | "&" }[];

const redirections: Record<string, Omit<Redirect, "file"> & { file: boolean }> = {
  ">": { from: "out", to: "file", file: true },
  "1>": { from: "out", to: "file", file: true },
  ">>": { from: "out", to: "append", file: true },
  "2>": { from: "err", to: "file", file: true },
  "2>>": { from: "err", to: "append", file: true },
  "<": { from: "in", to: "file", file: true },
  "2>&1": { from: "err", to: "out", file: false },
  ">&2": { from: "out", to: "err", file: false },
  "1>&2": { from: "out", to: "err", file: false },
};

/** Reads a script into lists of pipelines of commands. Throws an Error in the shell's words for what it cannot read. */
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
    if (!token || ends.includes(plain(token) ?? "") || operator(token) === ")") return list;
    list.push({ pipeline: readPipeline(reader), join });
    const next = operator(reader.tokens[reader.at]);
    join = next === "&&" || next === "||" ? next : ";";
    if (next === "&") list.at(-1)!.join = "&";
    if (next === "&&" || next === "||" || next === "&") reader.at++;
  }
}

function readPipeline(reader: Reader): Pipeline {
  const not = plain(reader.tokens[reader.at]) === "!";
  if (not) reader.at++;
  const commands = [readCommand(reader)];
  while (operator(reader.tokens[reader.at]) === "|") {
    reader.at++;
    commands.push(readCommand(reader));
  }
  return { commands, not };
}

function readCommand(reader: Reader): Command {
  const command = readCompound(reader) ?? readSimple(reader);
  command.redirects.push(...readRedirects(reader));
  return command;
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

function readCompound(reader: Reader): Command | undefined {
  const token = reader.tokens[reader.at];
  const word = plain(token);
  if (operator(token) === "(") {
    reader.at++;
    const body = readList(reader, []);
    if (operator(reader.tokens[reader.at++]) !== ")") throw unexpected(undefined);
    return { kind: "group", body, own: true, redirects: [] };
  }
  if (!/^(\{|if|for|while|until)$/.test(word ?? "")) return undefined;
  reader.at++;
  if (word === "{") {
    const body = readList(reader, ["}"]);
    expectWord(reader, "}");
    return { kind: "group", body, own: false, redirects: [] };
  }
  if (word === "if") return readIf(reader);
  if (word === "for") return readFor(reader);
  const when = readList(reader, ["do"]);
  return { kind: "while", until: word === "until", when, body: readBody(reader), redirects: [] };
}

function readBody(reader: Reader): List {
  expectWord(reader, "do");
  const body = readList(reader, ["done"]);
  expectWord(reader, "done");
  return body;
}

function readIf(reader: Reader): Command {
  const branches: { when: List; body: List }[] = [];
  let otherwise: List | undefined;
  for (let word: string | undefined = "elif"; word !== "fi"; word = plain(reader.tokens[reader.at++])) {
    if (word === "else") otherwise = readList(reader, ["fi"]);
    else if (word === "elif") {
      const when = readList(reader, ["then"]);
      expectWord(reader, "then");
      branches.push({ when, body: readList(reader, ["elif", "else", "fi"]) });
    } else throw unexpected(reader.tokens[reader.at - 1]);
  }
  return { kind: "if", branches, otherwise, redirects: [] };
}

function readFor(reader: Reader): Command {
  const name = plain(reader.tokens[reader.at++]) ?? "";
  const words: Word[] = [];
  if (plain(reader.tokens[reader.at]) === "in") {
    reader.at++;
    for (let token = reader.tokens[reader.at]; token?.kind === "word"; token = reader.tokens[++reader.at])
      words.push(token.parts);
  }
  return { kind: "for", name, words, body: readBody(reader), redirects: [] };
}
