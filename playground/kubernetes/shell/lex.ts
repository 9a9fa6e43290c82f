/** A part of a word: text as it is, the value of a variable, or the output of a command. */
export type Part = { kind: "text" | "variable" | "command"; text: string; quoted: boolean };
export type Token = { kind: "word"; parts: Part[] } | { kind: "operator"; text: string };

const operators = ["&&", "||", ">>", "2>&1", ">&2", "2>", ">", "<", ";", "&", "\n"];

/** Cuts a script of the POSIX shell into words and operators. Throws an Error in the shell's words for what has no end. */
export function lex(script: string): Token[] {
  const tokens: Token[] = [];
  let parts: Part[] | undefined;
  let at = 0;
  const add = (part: Part) => {
    parts ??= [];
    parts.push(part);
  };
  const finish = () => {
    if (parts) tokens.push({ kind: "word", parts });
    parts = undefined;
  };
  while (at < script.length) {
    const letter = script[at]!;
    const rest = script.slice(at);
    const operator = operators.find((one) => rest.startsWith(one) && (!/^\d/.test(one) || !parts));
    if (letter === " " || letter === "\t") {
      finish();
      at += 1;
    } else if (letter === "\\") {
      add({ kind: "text", text: script[at + 1] ?? "", quoted: true });
      at += 2;
    } else if (letter === "'") {
      const end = script.indexOf("'", at + 1);
      if (end < 0) throw new Error("syntax error: unterminated quoted string");
      add({ kind: "text", text: script.slice(at + 1, end), quoted: true });
      at = end + 1;
    } else if (letter === '"') at = doubleQuoted(script, at + 1, add);
    else if (letter === "$") at = expansion(script, at, false, add);
    else if (operator) {
      finish();
      tokens.push({ kind: "operator", text: operator });
      at += operator.length;
    } else {
      const text = /^[^\s'"\\$`;|&()<>]+/.exec(rest)?.[0];
      if (text === undefined) throw new Error(`syntax error: "${letter}" is not supported here`);
      add({ kind: "text", text, quoted: false });
      at += text.length;
    }
  }
  finish();
  return tokens;
}

function doubleQuoted(script: string, from: number, add: (part: Part) => void): number {
  let at = from;
  add({ kind: "text", text: "", quoted: true });
  while (at < script.length && script[at] !== '"') {
    const letter = script[at]!;
    const escaped = letter === "\\" && /[$`"\\]/.test(script[at + 1] ?? "");
    if (letter === "$") at = expansion(script, at, true, add);
    else {
      if (escaped) at++;
      add({ kind: "text", text: script[at++]!, quoted: true });
    }
  }
  if (at >= script.length) throw new Error("syntax error: unterminated quoted string");
  return at + 1;
}

function expansion(script: string, at: number, quoted: boolean, add: (part: Part) => void): number {
  const rest = script.slice(at);
  if (rest.startsWith("$(")) {
    const end = rest.indexOf(")");
    if (end < 0) throw new Error('syntax error: unexpected end of file (expecting ")")');
    add({ kind: "command", text: rest.slice(2, end), quoted });
    return at + end + 1;
  }
  const variable = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*|[0-9?#@*$!]))/.exec(rest);
  if (!variable) throw new Error(`syntax error: "${rest.slice(0, 2)}" is not supported here`);
  add({ kind: "variable", text: variable[1] ?? variable[2] ?? "", quoted });
  return at + variable[0].length;
}
