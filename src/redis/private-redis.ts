import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "../errors.ts";
import type { Log } from "../ports/process.ts";
import { claimDirectory, privateDirectory, socketPath } from "./data-directory.ts";
import { answers, endLeftover, spawnRedis, until, watchdog } from "./redis-process.ts";

export type PrivateRedis = {
  /** Path of its Unix socket. */
  socket: string;
  /** Settled once it answers; its data was read by then. A ConfigError where it ended instead. */
  ready: Promise<void>;
  /** Ends it in good order, and gives the directory back. */
  stop(): Promise<void>;
};

/**
 * Starts a Redis for this bot alone, where `REDIS_URL` is not set: on a Unix socket, append-only, its data below the
 * data directory, its files for this user only. It ends with this process however that ends; should it die itself,
 * it is started again on the same data.
 * @returns when its process was spawned
 * @throws ConfigError where another bot lives in the directory, or no server is installed
 */
export async function startPrivateRedis(dataDir: string, log: Log): Promise<PrivateRedis> {
  const directory = privateDirectory(dataDir);
  const giveBack = await claimDirectory(directory);
  const running: Running = { guard: watchdog(), log, lastLines: [], stopping: false };
  const stop = async () => {
    running.stopping = true;
    await end(running.child);
    running.guard.end();
    giveBack();
  };
  try {
    const socket = socketPath(directory, "redis.sock");
    const pidFile = join(directory, "redis.pid");
    const left = await endLeftover(pidFile, directory, socket);
    if (left)
      log.info({ pid: left }, "the Redis that an earlier bot left behind was ended; its data is taken over");
    const args = argumentsFor(directory, socket, pidFile);
    const child = await start(running, args);
    const ready = untilReady(child, running, socket).then(
      () => {
        void keepAlive(running, args).catch((error) => {
          log.error({ err: error }, "the private Redis cannot be started again");
        });
      },
      async (error) => {
        await stop();
        throw error;
      },
    );
    return { socket, ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Running = {
  guard: ReturnType<typeof watchdog>;
  log: Log;
  child?: ChildProcess;
  lastLines: string[];
  stopping: boolean;
};

async function start(running: Running, args: string[]): Promise<ChildProcess> {
  const child = await spawnRedis(args, (line) => {
    running.lastLines = [...running.lastLines, line].slice(-20);
    running.log.debug({ line }, "private Redis");
  });
  running.child = child;
  running.guard.watch(child.pid);
  // Stopped while it was being started again.
  if (running.stopping) await end(child);
  return child;
}

async function untilReady(child: ChildProcess, running: Running, socket: string): Promise<void> {
  await until(async () => isOver(child) || (await answers(socket)), 120);
  if (!isOver(child)) return;
  const problem = `the private Redis in it does not start: ${running.lastLines.slice(-3).join(" / ")}`;
  throw new ConfigError([
    { where: "BREAKWATER_DATA_DIR", problem, allowed: "another directory, or REDIS_URL" },
  ]);
}

async function keepAlive(running: Running, args: string[]): Promise<void> {
  for (let pause = 100; running.child; pause = Math.min(pause * 2, 5000)) {
    const since = Date.now();
    const { child, guard, log } = running;
    await ended(child);
    guard.watch(undefined);
    if (running.stopping) return;
    log.error(
      { code: child.exitCode, signal: child.signalCode },
      "the private Redis died; it is started again",
    );
    if (Date.now() - since > 10_000) pause = 100;
    await wait(pause);
    if (running.stopping) return;
    await start(running, args);
  }
}

function argumentsFor(directory: string, socket: string, pidFile: string): string[] {
  const settings = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: directory,
    pidfile: pidFile,
    appendonly: "yes",
    // "everysec" may hold a write back for two seconds while it answers: a violent end would lose what was posted.
    appendfsync: "always",
    save: "",
    daemonize: "no",
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || isOver(child)) return;
  child.ref();
  const gone = ended(child);
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(force);
}

async function ended(child: ChildProcess): Promise<void> {
  if (!isOver(child)) await once(child, "exit");
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
