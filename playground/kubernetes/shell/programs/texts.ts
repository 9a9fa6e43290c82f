import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Process, Program } from "../process.ts";

/** `\n`, `\t`, `\\`, `\NNN` in octal. */
const escapes = (text: string) =>
  text.replace(/\\(n|t|r|a|\\|0?[0-7]{1,3})/g, (_, code: string) => {
    const known: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", "\\": "\\" };
    return known[code] ?? String.fromCharCode(Number.parseInt(code, 8));
  });

const echo: Program = ({ argv, out }) => {
  const flags = argv[1]?.match(/^-[ne]+$/)?.[0] ?? "";
  const text = argv.slice(flags ? 2 : 1).join(" ");
  out((flags.includes("e") ? escapes(text) : text) + (flags.includes("n") ? "" : "\n"));
  return 0;
};

const printf: Program = ({ argv, out }) => {
  const [, format = "", ...values] = argv;
  const formatted = (rest: string[]) =>
    escapes(format).replace(/%([%sdbx])/g, (_, kind: string) => {
      if (kind === "%") return "%";
      const value = rest.shift() ?? "";
      return kind === "b"
        ? escapes(value)
        : kind === "x"
          ? Number(value).toString(16)
          : kind === "d"
            ? String(Number(value))
            : value;
    });
  const rest = [...values];
  do out(formatted(rest));
  while (rest.length > 0 && /%[sdbx]/.test(format));
  return 0;
};

/** The input: the named files, or what is piped in. */
function input({ argv, cwd, files, stdin }: Process, skipped: number): string {
  const names = argv.slice(1 + skipped).filter((one) => !one.startsWith("-"));
  if (names.length === 0) return stdin;
  return names.map((name) => files.read(posix.resolve(cwd, name))?.content ?? "").join("");
}

const linesOf = (text: string) => text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);

const grep: Program = (process) => {
  const flags = process.argv.filter((one) => /^-[a-zA-Z]+$/.test(one)).join("");
  const words = process.argv.slice(1).filter((one) => !/^-[a-zA-Z]+$/.test(one));
  const source = flags.includes("F") ? words[0]!.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : (words[0] ?? "");
  const wanted = new RegExp(source, flags.includes("i") ? "i" : "");
  const lines = linesOf(input({ ...process, argv: ["grep", ...words.slice(1)] }, 0));
  const matches = lines.filter((line) => wanted.test(line) !== flags.includes("v"));
  if (flags.includes("c")) process.out(`${matches.length}\n`);
  else if (!flags.includes("q")) process.out(matches.map((line) => `${line}\n`).join(""));
  return matches.length > 0 ? 0 : 1;
};

const part =
  (first: boolean): Program =>
  (process) => {
    const count = Number(/-n?\s*(\d+)/.exec(process.argv.slice(1).join(" "))?.[1] ?? 10);
    const flagged = process.argv[1] === "-n" ? 2 : 0;
    const lines = linesOf(input(process, flagged));
    process.out((first ? lines.slice(0, count) : lines.slice(-count)).map((line) => `${line}\n`).join(""));
    return 0;
  };

const wc: Program = (process) => {
  const text = input(process, 0);
  const flag = process.argv[1] ?? "";
  const counts = [
    text.split("\n").length - 1,
    text.split(/\s+/).filter(Boolean).length,
    Buffer.byteLength(text),
  ];
  process.out(`${flag === "-l" ? counts[0] : flag === "-c" ? counts[2] : counts.join(" ")}\n`);
  return 0;
};

const base64: Program = (process) => {
  const decode = /^(-d|--decode|-D)$/.test(process.argv[1] ?? "");
  const text = input(process, 0);
  process.out(decode ? Buffer.from(text, "base64").toString() : `${Buffer.from(text).toString("base64")}\n`);
  return 0;
};

const sha256sum: Program = (process) => {
  process.out(`${createHash("sha256").update(input(process, 0)).digest("hex")}  -\n`);
  return 0;
};

export const textPrograms: Record<string, Program> = {
  base64,
  echo,
  grep,
  head: part(true),
  printf,
  sha256sum,
  tail: part(false),
  wc,
};
