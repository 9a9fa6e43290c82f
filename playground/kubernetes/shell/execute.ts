import { posix } from "node:path";
import type { Process, Program } from "./process.ts";
import { programs } from "./programs.ts";
import type { Shell } from "./run.ts";

const searched = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** Runs one simple command: assignments, what the shell itself does, and programs. Resolves to the exit code. */
export async function execute(shell: Shell, words: readonly string[]): Promise<number> {
  if (words.every((word) => /^[A-Za-z_]\w*=/.test(word))) {
    for (const word of words) shell.env[word.split("=", 1)[0]!] = word.slice(word.indexOf("=") + 1);
    return shell.substituted;
  }
  return builtIn(shell, words) ?? start(processOf(shell), words);
}

/** What a process inherits from the shell that starts it. */
const processOf = ({ argv, env, cwd, files, stdin, out, err, place, signal }: Shell): Process => ({
  argv,
  env,
  cwd,
  files,
  stdin,
  out,
  err,
  place,
  signal,
});

function builtIn(shell: Shell, [name, ...args]: readonly string[]): number | Promise<number> | undefined {
  switch (name) {
    case "exit":
      shell.over = args[0] === undefined ? shell.last : Number(args[0]) & 255;
      return shell.over;
    case "trap":
      for (const signal of args.slice(1)) shell.traps.set(signal.replace(/^SIG/, ""), args[0] ?? "");
      return 0;
    case "wait":
      return Promise.allSettled(shell.background.splice(0)).then(() => {
        shell.signal.throwIfAborted();
        return 0;
      });
    case "exec":
      if (args.length === 0) return 0;
      return start(processOf(shell), args).then((code) => {
        shell.over = code;
        return code;
      });
    default:
      return undefined;
  }
}

/**
 * Starts a program, named by a path or looked up in `$PATH`: 127 where there is none, 126 where the file is none. One that the
 * image did not bring is drift.
 */
export async function start(process: Process, argv: readonly string[]): Promise<number> {
  const [name = ""] = argv;
  const path = whereIs(process, name);
  const file = path === undefined ? undefined : process.files.read(path);
  if (path === undefined || !file) {
    process.err(`sh: ${name}: not found\n`);
    return 127;
  }
  const own = { ...process, argv };
  const program = file.program === undefined ? undefined : programOf(file.program, name);
  if (!program) {
    process.err(`sh: ${name}: Permission denied\n`);
    return 126;
  }
  if (!process.files.fromImage(path)) process.place.drifted(path, argv.join(" "));
  return program(own);
}

function whereIs({ files, cwd }: Process, name: string): string | undefined {
  const paths = name.includes("/") ? [posix.resolve(cwd, name)] : searched.map((one) => `${one}/${name}`);
  return paths.find((path) => files.read(path) !== undefined);
}

/** BusyBox is all of its applets, chosen by the name that it was started by. */
function programOf(kind: string, name: string): Program | undefined {
  if (kind !== "busybox") return programs[kind];
  const applet = posix.basename(name);
  if (applet.startsWith("busybox")) return programs.busybox;
  return programs[applet] ?? noApplet;
}

const noApplet: Program = ({ argv, err }) => {
  err(`${posix.basename(argv[0] ?? "")}: applet not found\n`);
  return 127;
};
