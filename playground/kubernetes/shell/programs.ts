import { posix } from "node:path";
import { start } from "./execute.ts";
import type { Process, Program } from "./process.ts";
import { runScript } from "./run.ts";

const split = (argv: readonly string[]) => {
  const args = argv.slice(1);
  return {
    flags: args.filter((one) => /^-\w/.test(one)).join(""),
    names: args.filter((one) => !/^-\w/.test(one)),
  };
};

const whole = ({ cwd }: Process, name: string) => posix.resolve(cwd, name);

function complain(process: Process, said: string): number {
  process.err(`${posix.basename(process.argv[0] ?? "")}: ${said}\n`);
  return 1;
}

const cat: Program = (process) => {
  const { names } = split(process.argv);
  if (names.length === 0) process.out(process.stdin);
  return names.reduce((code, name) => {
    const file = process.files.read(whole(process, name));
    if (!file) return complain(process, `can't open '${name}': No such file or directory`);
    if (file.directory) return complain(process, "read error: Is a directory");
    process.out(file.content);
    return code;
  }, 0);
};

const cp: Program = (process) => {
  const [name = "", to = ""] = split(process.argv).names;
  const file = process.files.read(whole(process, name));
  if (!file) return complain(process, `can't stat '${name}': No such file or directory`);
  const why = process.files.write(whole(process, to), { ...file });
  return why ? complain(process, `can't create '${to}': ${why}`) : 0;
};

const rm: Program = (process) => {
  const { flags, names } = split(process.argv);
  return names.reduce((code, name) => {
    const path = whole(process, name);
    const inside = process.files.isDirectory(path) ? process.files.names(path) : [];
    if (inside.length > 0) return complain(process, `'${name}' is a directory`);
    const why = process.files.remove(path);
    if (!why || (flags.includes("f") && why.startsWith("No such"))) return code;
    return complain(process, `can't remove '${name}': ${why}`);
  }, 0);
};

const make =
  (directory: boolean): Program =>
  (process) => {
    const { flags, names } = split(process.argv);
    for (const name of names) {
      const path = whole(process, name);
      if (process.files.read(path)) {
        if (directory && !flags.includes("p"))
          return complain(process, `can't create directory '${name}': File exists`);
        continue;
      }
      const why = process.files.write(path, { content: "", ...(directory ? { directory } : {}) });
      if (why) return complain(process, `${name}: ${why}`);
    }
    return 0;
  };

const ls: Program = (process) => {
  for (const name of split(process.argv).names) {
    const path = whole(process, name);
    if (!process.files.read(path) && !process.files.isDirectory(path))
      return complain(process, `${name}: No such file or directory`);
    const names = process.files.isDirectory(path) ? process.files.names(path) : [name];
    process.out(names.map((one) => `${one}\n`).join(""));
  }
  return 0;
};

/** `[ -d X ]`, `[ -s X ]`, `[ a = b ]`. */
const test: Program = (process) => {
  const [, first = "", second = "", third = ""] = process.argv;
  if (first === "-d") return Number(!process.files.isDirectory(whole(process, second)));
  if (first === "-s") return Number((process.files.read(whole(process, second))?.content ?? "") === "");
  if (second === "=") return Number(first !== third);
  process.err(`[: ${second}: unknown operand\n`);
  return 2;
};

const shell: Program = (process) => {
  const [name = "sh", flag, script = "", ...parameters] = process.argv;
  if (flag === undefined) return process.stdin.trim() === "" ? 0 : runScript(process, process.stdin, [name]);
  if (flag === "-c") return runScript(process, script, parameters.length > 0 ? parameters : [name]);
  process.err(`${name}: can't open '${flag}': No such file or directory\n`);
  return 2;
};

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const sleep: Program = async ({ argv, place, signal, err }) => {
  const [, count = "", unit = "s"] = /^([\d.]+)([smhd]?)$/.exec(argv[1] ?? "") ?? [];
  if (count === "") {
    err(`sleep: invalid number '${argv[1] ?? ""}'\n`);
    return 1;
  }
  await place.pause(Math.min(1e6, Number(count) * (units[unit] ?? 1)), signal);
  return 0;
};

const busybox: Program = (process) => {
  const [, applet, ...args] = process.argv;
  if (applet && !applet.startsWith("-")) return start(process, [applet, ...args]);
  process.out(
    "BusyBox v1.36.1 (2025-02-11 19:44:23 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\n",
  );
  return 0;
};

const echo: Program = ({ argv, out }) => {
  out(`${argv.slice(1).join(" ")}\n`);
  return 0;
};

/** Knows `%s`, `%%` and `\n`; the format is repeated for as long as there are values. */
const printf: Program = ({ argv, out }) => {
  const [, format = "", ...values] = argv;
  do
    out(
      format
        .replaceAll("\\n", "\n")
        .replace(/%([%s])/g, (_, kind) => (kind === "%" ? "%" : (values.shift() ?? ""))),
    );
  while (values.length > 0 && format.includes("%s"));
  return 0;
};

/** Programs by the name of what they do; an image says which of them it has, and where. */
export const programs: Record<string, Program> = {
  "[": test,
  ash: shell,
  bash: shell,
  busybox,
  cat,
  cp,
  echo,
  false: () => 1,
  ls,
  main: (process) => process.place.main(process),
  mkdir: make(true),
  printf,
  rm,
  sh: shell,
  sleep,
  test,
  touch: make(false),
  true: () => 0,
};
