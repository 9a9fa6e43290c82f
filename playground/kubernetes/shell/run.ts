import { posix } from "node:path";
import { execute } from "./execute.ts";
import { expand, expandOne } from "./expand.ts";
import { type Command, type List, parseScript, type Redirect } from "./parse.ts";
import type { Process } from "./process.ts";

/** What lasts from command to command in one shell. */
export type Shell = Process & {
  /** `$0`, `$1`, … */
  parameters: readonly string[];
  last: number;
  /** The exit code of the last command substitution: an assignment has it for its own. */
  substituted: number;
  /** What `trap` wants done at a signal or at the end. */
  traps: Map<string, string>;
  /** What runs beside the shell. */
  background: Promise<unknown>[];
  /** Set by `exit`: nothing runs any more. */
  over?: number;
};

/** The same shell with other streams or variables: what is not given stays shared with it. */
export const derived = <T extends Partial<Shell>>(from: Process, changes: T): Shell =>
  Object.assign(Object.create(from) as Shell, changes);

/** Runs a script of the POSIX shell; resolves to its exit code. */
export async function runScript(
  process: Process,
  script: string,
  parameters: readonly string[],
): Promise<number> {
  const name = parameters[0] ?? "sh";
  const own = {
    env: { ...process.env },
    parameters,
    last: 0,
    substituted: 0,
    over: undefined,
  };
  const shell = derived(process, { ...own, traps: new Map<string, string>(), background: [] });
  try {
    await runList(shell, parseScript(script));
  } catch (error) {
    if (process.signal.aborted) {
      await trapped(shell, "TERM");
      throw error;
    }
    process.err(`${posix.basename(name)}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  await trapped(shell, "EXIT");
  return shell.over ?? shell.last;
}

/** The last words of a shell that is ended; they are not cut short. */
async function trapped(shell: Shell, signal: string): Promise<void> {
  const script = shell.traps.get(signal);
  shell.traps.clear();
  if (script)
    await runScript(derived(shell, { signal: new AbortController().signal }), script, shell.parameters);
}

async function runList(shell: Shell, list: List): Promise<void> {
  for (const { command, join } of list) {
    if (shell.over !== undefined) return;
    if ((join === "&&" && shell.last !== 0) || (join === "||" && shell.last === 0)) continue;
    if (join === "&") {
      // In the background: who wants its end waits for it.
      shell.background.push(run(derived(shell, { last: 0 }), command).catch(() => undefined));
      shell.last = 0;
    } else shell.last = await run(shell, command);
  }
}

async function run(shell: Shell, command: Command): Promise<number> {
  if (command.kind === "simple") return runSimple(shell, command);
  if (command.kind === "if") {
    await runList(shell, command.when);
    const chosen = shell.last === 0 ? command.body : (command.otherwise ?? []);
    shell.last = 0;
    await runList(shell, chosen);
    return shell.last;
  }
  for (const word of (await Promise.all(command.words.map((one) => expand(shell, one)))).flat()) {
    shell.env[command.name] = word;
    await runList(shell, command.body);
    if (shell.over !== undefined) break;
  }
  return shell.last;
}

async function runSimple(shell: Shell, command: Extract<Command, { kind: "simple" }>): Promise<number> {
  const opened = await redirected(shell, command.redirects);
  if (!opened) return 1;
  // Variables, the last code and `exit` belong to the shell itself, whatever its output goes to.
  const inner = command.redirects.length > 0 ? derived(shell, opened.streams) : shell;
  inner.substituted = 0;
  const words = (await Promise.all(command.words.map((word) => expand(inner, word)))).flat();
  const code = await execute(inner, words);
  if (inner !== shell && inner.over !== undefined) shell.over = inner.over;
  return opened.close() ?? code;
}

async function redirected(shell: Shell, redirects: readonly Redirect[]) {
  const streams: Partial<Process> = { out: shell.out, err: shell.err, stdin: shell.stdin };
  const written: { path: string; text: string[] }[] = [];
  const wrong = (path: string, why: string) => {
    shell.err(`sh: can't create ${path}: ${why}\n`);
    return undefined;
  };
  for (const { from, to, file } of redirects) {
    if (!file) {
      if (from === "err") streams.err = streams.out;
      else streams.out = streams.err;
      continue;
    }
    const path = posix.resolve(shell.cwd, await expandOne(shell, file));
    if (from === "in") {
      const there = shell.files.read(path);
      if (!there) return void shell.err(`sh: can't open ${path}: no such file\n`);
      streams.stdin = there.content;
      continue;
    }
    const text: string[] = [];
    if (path !== "/dev/null") {
      const before = to === "append" ? (shell.files.read(path)?.content ?? "") : "";
      const why = shell.files.isDirectory(path)
        ? "Is a directory"
        : shell.files.write(path, { content: before });
      if (why) return wrong(path, why);
      if (before) text.push(before);
      written.push({ path, text });
    }
    streams[from] = (more: string) => void text.push(more);
  }
  const close = () => {
    for (const { path, text } of written) {
      const why = shell.files.write(path, { content: text.join("") });
      if (why) return 1;
    }
    return undefined;
  };
  return { streams, close };
}
