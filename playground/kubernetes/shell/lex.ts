/** A part of a word: text as it is, the value of a variable, or the output of a command. */
export type Part = { kind: "text" | "variable" | "command"; text: string; quoted: boolean };
export type Token = { kind: "word"; parts: Part[] } | { kind: "operator"; text: string };

const operators = [
  "&&",
  "||",
  ";;",
  ">>",
  "2>&1",
  "1>&2",
  ">&2",
  "2>>",
  "2>",
  "1>",
  ">",
  "<",
  ";",
  "|",
  "&",
  "(",
  ")",
  "\n",
];

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
    if (letter === " " || letter === "\t" || rest.startsWith("\\\n")) {
      finish();
      at += letter === "\\" ? 2 : 1;
    } else if (letter === "#" && !parts) at += rest.search(/\n|$/);
    else if (letter === "\\") {
      add({ kind: "text", text: script[at + 1] ?? "", quoted: true });
      at += 2;
    } else if (letter === "'") {
      const end = script.indexOf("'", at + 1);
      if (end < 0) throw new Error("syntax error: unterminated quoted string");
      add({ kind: "text", text: script.slice(at + 1, end), quoted: true });
      at = end + 1;
    } else if (letter === '"') at = doubleQuoted(script, at + 1, add);
    else if (letter === "$" || letter === "`") at = expansion(script, at, false, add);
    else {
      const operator = operators.find((one) => rest.startsWith(one) && (!/^\d/.test(one) || !parts));
      if (operator) {
        finish();
        tokens.push({ kind: "operator", text: operator });
        at += operator.length;
      } else {
        const text = /^[^\s'"\\$`;|&()<>]+/.exec(rest)?.[0] ?? letter;
        add({ kind: "text", text, quoted: false });
        at += text.length;
      }
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
    if (letter === "$" || letter === "`") at = expansion(script, at, true, add);
    else if (letter === "\\" && /[$`"\\\n]/.test(script[at + 1] ?? "")) {
      add({ kind: "text", text: script[at + 1]!, quoted: true });
      at += 2;
    } else {
      add({ kind: "text", text: letter, quoted: true });
      at++;
    }
  }
  if (at >= script.length) throw new Error("syntax error: unterminated quoted string");
  return at + 1;
}

function expansion(script: string, at: number, quoted: boolean, add: (part: Part) => void): number {
  const rest = script.slice(at);
  if (rest.startsWith("`")) {
    const end = script.indexOf("`", at + 1);
    if (end < 0) throw new Error("syntax error: EOF in backquote substitution");
    add({ kind: "command", text: script.slice(at + 1, end), quoted });
    return end + 1;
  }
  if (rest.startsWith("$(")) {
    let depth = 1;
    let end = at + 2;
    for (; end < script.length && depth > 0; end++)
      depth += script[end] === "(" ? 1 : script[end] === ")" ? -1 : 0;
    if (depth > 0) throw new Error('syntax error: unexpected end of file (expecting ")")');
    add({ kind: "command", text: script.slice(at + 2, end - 1), quoted });
    return end;
  }
  const variable = /^\$(\{([^}]*)\}|([A-Za-z_]\w*|[0-9?#@*$!]))/.exec(rest);
  if (!variable) {
    add({ kind: "text", text: "$", quoted });
    return at + 1;
  }
  add({ kind: "variable", text: variable[2] ?? variable[3] ?? "", quoted });
  return at + variable[0].length;
}
