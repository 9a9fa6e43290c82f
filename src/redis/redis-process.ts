import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "../errors.ts";

/** Valkey is the same server under another name. */
const binaries = ["redis-server", "valkey-server"];

/**
 * Starts the first Redis server on PATH, in a session of its own: Ctrl-C reaches the bot only, which still
 * needs its Redis to end in good order.
 * @param said gets each line of the server's log
 * @throws ConfigError where there is no binary
 */
export async function spawnRedis(
  args: readonly string[],
  said: (line: string) => void,
): Promise<ChildProcess> {
  for (const binary of binaries) {
    const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    try {
      await once(child, "spawn");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw error;
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n")) if (line.trim() !== "") said(line.trim());
      });
      // Reading its log must not keep the bot alive.
      (stream as unknown as { unref(): void } | null)?.unref();
    }
    child.unref();
    return child;
  }
  throw new ConfigError([
    {
      where: "REDIS_URL",
      problem:
        "is not set, and there is neither redis-server nor valkey-server on PATH to start a private one",
      allowed:
        "set REDIS_URL=redis://HOST:6379, or install one: `apt-get install redis-server`, `dnf install valkey`, `apk add redis`, `brew install redis`",
    },
  ]);
}

/**
 * A small shell that outlives a `kill -9` of the bot: only the bot holds the writing end of the pipe that it reads,
 * so that the end of the pipe is the end of the bot. It then ends the server whose id it received last.
 */
export function watchdog(): { watch(pid: number | undefined): void; end(): void } {
  const script = `while read -r pid; do last=$pid; done
[ -n "$last" ] || exit 0
kill -TERM "$last"
for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$last" || exit 0; done
kill -KILL "$last"`;
  const shell = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  // Without a shell the server would outlive a killed bot; the next start finds it by its pid file.
  shell.on("error", () => undefined);
  shell.unref();
  const pipe = shell.stdin;
  pipe.on("error", () => undefined);
  (pipe as unknown as { unref(): void }).unref();
  return {
    watch: (pid) => void pipe.write(`${pid ?? ""}\n`),
    end: () => void pipe.end("\n"),
  };
}

/** True once the server answers that it is ready (a server that still reads its file says LOADING). */
export function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.setTimeout(1000, () => connection.destroy());
    connection.once("connect", () => connection.write("PING\r\n"));
    connection.once("data", (data) => {
      resolve(data.toString().startsWith("+PONG"));
      connection.destroy();
    });
    connection.once("error", () => resolve(false));
    connection.once("close", () => resolve(false));
  });
}

/** Waits until the condition holds; false where it did not within the seconds. */
export async function until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(15)) {
    if (await condition()) return true;
  }
  return false;
}

/**
 * Ends the server that an earlier bot left behind in this directory. Only a process that is really a Redis server
 * working in this directory is touched: the id may belong to somebody else by now.
 */
export async function endLeftover(
  pidFile: string,
  directory: string,
  socket: string,
): Promise<number | undefined> {
  const pid = pidIn(pidFile);
  const ours = () => pid !== undefined && isOurs(pid, directory, socket);
  if (pid === undefined || !ours()) return undefined;
  signal(pid, "SIGTERM");
  if (!(await until(() => !ours(), 15))) signal(pid, "SIGKILL");
  await until(() => !ours(), 5);
  return pid;
}

function isOurs(pid: number, directory: string, socket: string): boolean {
  if (process.platform !== "linux") {
    // The server writes its socket into its title.
    const title = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
    return binaries.some((binary) => title.includes(binary)) && title.includes(socket);
  }
  try {
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return binaries.includes(name) && readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false;
  }
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}
