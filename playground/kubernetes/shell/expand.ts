import type { Word } from "./parse.ts";
import { derived, runScript, type Shell } from "./run.ts";

/** A word as one text, whatever is in it: the name of a file, the value of a variable. */
export async function expandOne(shell: Shell, word: Word): Promise<string> {
  const parts: string[] = [];
  for (const part of word) parts.push(part.kind === "text" ? part.text : await expansionOf(shell, part));
  return parts.join("");
}

/** A word as the words that it becomes: what was not quoted is split at spaces, and `"$@"` is one for each parameter. */
export async function expand(shell: Shell, word: Word): Promise<string[]> {
  if (word.length <= 2 && word.some((part) => part.kind === "variable" && part.text === "@" && part.quoted))
    return shell.parameters.slice(1);
  const words: string[] = [];
  let current: string | undefined;
  for (const part of word) {
    const value = part.kind === "text" ? part.text : await expansionOf(shell, part);
    if (part.quoted || part.kind === "text") {
      current = (current ?? "") + value;
      continue;
    }
    const [first = "", ...rest] = value.trim() === "" ? [] : value.split(/\s+/);
    if (first !== "") current = (current ?? "") + first;
    for (const one of rest) {
      if (current) words.push(current);
      current = one === "" ? undefined : one;
    }
  }
  return current === undefined ? words : [...words, current];
}

async function expansionOf(shell: Shell, part: Word[number]): Promise<string> {
  if (part.kind === "command") {
    const output: string[] = [];
    shell.substituted = await runScript(
      derived(shell, { out: (text: string) => void output.push(text) }),
      part.text,
      shell.parameters,
    );
    return output.join("").replace(/\n+$/, "");
  }
  return variable(shell, part.text) ?? "";
}

function variable(shell: Shell, name: string): string | undefined {
  if (name === "?") return String(shell.last);
  if (name === "#") return String(shell.parameters.length - 1);
  if (name === "@" || name === "*") return shell.parameters.slice(1).join(" ");
  if (name === "$" || name === "!") return "7";
  if (/^\d+$/.test(name)) return shell.parameters[Number(name)];
  return shell.env[name];
}
