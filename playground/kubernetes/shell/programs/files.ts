import { posix } from "node:path";
import type { Process, Program } from "../process.ts";

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

function copy(process: Process, remove: boolean): number {
  const { names } = split(process.argv);
  const to = names.pop() ?? "";
  const target = whole(process, to);
  if (names.length === 0) return complain(process, "missing file operand");
  for (const name of names) {
    const from = whole(process, name);
    const file = process.files.read(from);
    if (!file) return complain(process, `can't stat '${name}': No such file or directory`);
    const place = process.files.isDirectory(target) ? posix.join(target, posix.basename(from)) : target;
    const why = process.files.write(place, { ...file }) ?? (remove ? process.files.remove(from) : undefined);
    if (why) return complain(process, `can't create '${to}': ${why}`);
  }
  return 0;
}

const rm: Program = (process) => {
  const { flags, names } = split(process.argv);
  return names.reduce((code, name) => {
    const path = whole(process, name);
    const inside = process.files.isDirectory(path) ? process.files.names(path) : [];
    if (inside.length > 0 && !/r/i.test(flags)) return complain(process, `'${name}' is a directory`);
    for (const one of inside) process.files.remove(posix.join(path, one));
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
      const parents = directory && flags.includes("p") ? path.split("/").slice(1, -1) : [];
      parents.forEach((_, index) => {
        const parent = `/${parents.slice(0, index + 1).join("/")}`;
        if (!process.files.isDirectory(parent)) process.files.write(parent, { content: "", directory });
      });
      const why = process.files.write(path, { content: "", ...(directory ? { directory } : {}) });
      if (why) return complain(process, `${name}: ${why}`);
    }
    return 0;
  };

const ls: Program = (process) => {
  const { names } = split(process.argv);
  for (const name of names.length > 0 ? names : ["."]) {
    const path = whole(process, name);
    if (process.files.isDirectory(path))
      process.out(
        process.files
          .names(path)
          .map((one) => `${one}\n`)
          .join(""),
      );
    else if (process.files.read(path)) process.out(`${name}\n`);
    else return complain(process, `${name}: No such file or directory`);
  }
  return 0;
};

/** Whoever may execute is not kept: a script without a program cannot be run, a copy of a program can. */
const chmod: Program = (process) => {
  const missing = process.argv.slice(2).find((name) => !process.files.read(whole(process, name)));
  return missing === undefined ? 0 : complain(process, `${missing}: No such file or directory`);
};

const tee: Program = (process) => {
  const { flags, names } = split(process.argv);
  process.out(process.stdin);
  for (const name of names) {
    const before = flags.includes("a") ? (process.files.read(whole(process, name))?.content ?? "") : "";
    const why = process.files.write(whole(process, name), { content: before + process.stdin });
    if (why) return complain(process, `${name}: ${why}`);
  }
  return 0;
};

const test: Program = (process) => {
  const words = process.argv.slice(1);
  if (process.argv[0] === "[") words.pop();
  const not = words[0] === "!";
  const [first = "", second = "", third = ""] = not ? words.slice(1) : words;
  return Number(
    holds(process, [first, second, third].slice(0, not ? words.length - 1 : words.length)) === not,
  );
};

function holds(process: Process, [first = "", second, third = ""]: readonly string[]): boolean {
  if (second === undefined) return first !== "";
  const file = () => process.files.read(whole(process, second));
  if (third === "" && first.startsWith("-")) {
    if (first === "-n") return second !== "";
    if (first === "-z") return second === "";
    if (first === "-d") return process.files.isDirectory(whole(process, second));
    if (first === "-s") return (file()?.content ?? "") !== "";
    if (first === "-x") return file()?.program !== undefined;
    if (first === "-f") return file() !== undefined && !file()!.directory;
    return file() !== undefined;
  }
  const [left, right] = [Number(first), Number(third)];
  const compared: Record<string, boolean> = {
    "=": first === third,
    "==": first === third,
    "!=": first !== third,
    "-eq": left === right,
    "-ne": left !== right,
    "-gt": left > right,
    "-ge": left >= right,
    "-lt": left < right,
    "-le": left <= right,
  };
  return compared[second] ?? false;
}

export const filePrograms: Record<string, Program> = {
  cat,
  chmod,
  cp: (process) => copy(process, false),
  ls,
  mkdir: make(true),
  mv: (process) => copy(process, true),
  rm,
  tee,
  test,
  "[": test,
  touch: make(false),
};
