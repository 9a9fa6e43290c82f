import { posix } from "node:path";
import type { Files } from "../../node/disk.ts";
import { start, whereIs } from "../execute.ts";
import type { Process, Program } from "../process.ts";
import { runScript } from "../run.ts";

const shell: Program = (process) => {
  const [name = "sh", ...args] = process.argv;
  let strict = "";
  while (args[0]?.startsWith("-") && !/^-\w*c$/.test(args[0])) strict += args.shift();
  if (args[0] === undefined)
    return process.stdin.trim() === "" ? 0 : runScript(process, process.stdin, [name]);
  if (args[0].endsWith("c") && args[0].startsWith("-")) {
    const [flags = "", script = "", ...parameters] = args;
    const wanted = /e/.test(strict + flags) ? `set -e\n${script}` : script;
    return runScript(process, wanted, parameters.length > 0 ? parameters : [name]);
  }
  const file = process.files.read(posix.resolve(process.cwd, args[0]));
  if (file) return runScript(process, file.content, args);
  process.err(`${name}: can't open '${args[0]}': No such file or directory\n`);
  return 2;
};

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const sleep: Program = async ({ argv, place, signal, err }) => {
  const [, count = "", unit = "s"] = /^([\d.]+)([smhd]?)$/.exec(argv[1] ?? "") ?? [];
  if (/^(infinity|inf)$/.test(argv[1] ?? "")) await place.pause(1e6, signal);
  else if (count === "") {
    err(`sleep: invalid number '${argv[1] ?? ""}'\n`);
    return 1;
  } else await place.pause(Math.min(1e6, Number(count) * (units[unit] ?? 1)), signal);
  return 0;
};

const id: Program = ({ argv, place, out }) => {
  const name = place.user === 0 ? "root" : "";
  const number = String(place.user);
  out(argv[1] === "-u" ? `${number}\n` : `uid=${number}(${name}) gid=${number}(${name})\n`);
  return 0;
};

const say =
  (text: (process: Process) => string): Program =>
  (process) => {
    process.out(`${text(process)}\n`);
    return 0;
  };

const env: Program = (process) => {
  const at = process.argv.findIndex((one, index) => index > 0 && !one.includes("="));
  if (at > 0) return start(process, process.argv.slice(at));
  process.out(
    Object.entries(process.env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  return 0;
};

/** Another directory becomes the root: only what lies below it is seen, under its shorter name. */
const chroot: Program = (process) => {
  const [, root = "/", ...argv] = process.argv;
  if (!process.files.isDirectory(root)) {
    process.err(`chroot: can't change root directory to '${root}': No such file or directory\n`);
    return 1;
  }
  const { files } = process;
  const inside = (path: string) => posix.join(root, posix.resolve("/", path));
  const programsAreThere = (path: string) =>
    files.read(inside(path)) ?? (/^(\/usr)?\/bin\//.test(path) ? files.read(path) : undefined);
  const below: Files = {
    read: programsAreThere,
    write: (path, file) => files.write(inside(path), file),
    remove: (path) => files.remove(inside(path)),
    isDirectory: (path) => files.isDirectory(inside(path)),
    names: (path) => files.names(inside(path)),
    fromImage: () => true,
  };
  return start({ ...process, files: below, cwd: "/" }, argv.length > 0 ? argv : ["sh"]);
};

const which: Program = (process) => {
  const path = whereIs(process, process.argv[1] ?? "");
  if (path) process.out(`${path}\n`);
  return path ? 0 : 1;
};

const busybox: Program = (process) => {
  const [, applet, ...args] = process.argv;
  if (applet && !applet.startsWith("-")) return start(process, [applet, ...args]);
  process.out(
    "BusyBox v1.36.1 (2025-02-11 19:44:23 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\n",
  );
  return 0;
};

export const systemPrograms: Record<string, Program> = {
  ash: shell,
  bash: shell,
  busybox,
  chroot,
  date: say(({ place }) => place.now().toUTCString()),
  env,
  false: () => 1,
  hostname: say(({ place }) => place.hostname),
  id,
  main: (process) => process.place.main(process),
  printenv: env,
  ps: say(() => "PID   USER     TIME  COMMAND\n    1 root      0:00 sh"),
  pwd: say(({ cwd }) => cwd),
  sh: shell,
  sleep,
  sync: () => 0,
  true: () => 0,
  uname: say(({ argv, place }) =>
    argv[1] === "-a" ? `Linux ${place.hostname} 5.15.0-1089-azure x86_64 GNU/Linux` : "Linux",
  ),
  which,
  whoami: say(({ place }) => (place.user === 0 ? "root" : `whoami: unknown uid ${place.user}`)),
};
