import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { connect, disconnect, type RedisConnection } from "../../src/redis/connection.ts";
import { startPrivateRedis } from "../../src/redis/private-redis.ts";
import { quiet } from "../quiet.ts";
import { temporaryDirectory } from "../redis.ts";

let directory: ReturnType<typeof temporaryDirectory>;
const undo: (() => unknown)[] = [];
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  directory.remove();
});

async function start(dataDir = directory.path) {
  const redis = await startPrivateRedis(dataDir, quiet);
  undo.push(redis.stop);
  await redis.ready;
  return redis;
}

function connected(socket: string): RedisConnection {
  const connection = connect({ socket }, quiet);
  undo.push(() => disconnect(connection));
  return connection;
}

/** A process with a private Redis of its own; answers its socket, and the id of the server. */
async function otherBot(
  dataDir = directory.path,
): Promise<{ bot: ChildProcess; socket: string; server: number }> {
  const script = fileURLToPath(new URL("../own-a-redis.ts", import.meta.url));
  const bot = spawn(process.execPath, [script, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  undo.push(() => bot.kill("SIGKILL"));
  const [socket] = await once(bot.stdout, "data");
  return { bot, socket: String(socket).trim(), server: serverOf(dataDir) };
}

const serverOf = (dataDir = directory.path) =>
  Number(readFileSync(join(dataDir, "redis", "redis.pid"), "utf8"));

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

it("keeps its data over a stop and a start, in files that no one else may read", async () => {
  const first = await start();
  await connected(first.socket).set("k", "kept");
  expect(statSync(join(directory.path, "redis")).mode & 0o077).toBe(0);
  expect(statSync(first.socket).mode & 0o077).toBe(0);
  const server = serverOf();
  await first.stop();
  expect(lives(server)).toBe(false);
  const second = await start();
  expect(await connected(second.socket).get("k")).toBe("kept");
});

it("ends with its bot, also when that is killed", async () => {
  const { bot, server } = await otherBot();
  expect(lives(server)).toBe(true);
  bot.kill("SIGKILL");
  await expect.poll(() => lives(server), { timeout: 30_000 }).toBe(false);
});

it("takes the data over straight after its bot was killed, ten times in a row", {
  timeout: 180_000,
}, async () => {
  for (let round = 0; round < 10; round++) {
    const { bot, socket } = await otherBot();
    const connection = connected(socket);
    expect(await connection.incr("rounds")).toBe(round + 1);
    connection.disconnect();
    bot.kill("SIGKILL");
    await once(bot, "exit");
  }
  const { socket } = await start();
  expect(await connected(socket).get("rounds")).toBe("10");
});

it("ends a server that was left behind without its watchdog, and takes its data over", async () => {
  const redisDirectory = join(directory.path, "redis");
  mkdirSync(redisDirectory, { mode: 0o700 });
  const socket = join(redisDirectory, "redis.sock");
  const left = spawn(
    "redis-server",
    ["--port", "0", "--unixsocket", socket, "--dir", redisDirectory, "--appendonly", "yes"].concat(
      "--pidfile",
      join(redisDirectory, "redis.pid"),
    ),
    { stdio: "ignore" },
  );
  undo.push(() => left.kill("SIGKILL"));
  await expect.poll(() => connected(socket).set("k", "left"), { timeout: 30_000 }).toBe("OK");
  const redis = await start();
  expect(lives(left.pid!)).toBe(false);
  expect(await connected(redis.socket).get("k")).toBe("left");
});

it("refuses a second bot on the same directory while the first lives, and lets the first be", async () => {
  const { bot, socket } = await otherBot();
  await expect(startPrivateRedis(directory.path, quiet)).rejects.toThrow(ConfigError);
  await expect(startPrivateRedis(directory.path, quiet)).rejects.toThrow(/another Breakwater.*REDIS_URL/);
  expect(await connected(socket).ping()).toBe("PONG");
  bot.kill("SIGKILL");
  await once(bot, "exit");
  const redis = await start();
  expect(await connected(redis.socket).ping()).toBe("PONG");
});

it("does not touch another program that has the id of the last server by now", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  undo.push(() => other.kill("SIGKILL"));
  mkdirSync(join(directory.path, "redis"));
  writeFileSync(join(directory.path, "redis", "redis.pid"), `${other.pid}\n`);
  await start();
  expect(lives(other.pid!)).toBe(true);
});

it("is started again on the same data when the server itself dies; commands wait for it", async () => {
  const redis = await start();
  const connection = connected(redis.socket);
  await connection.set("k", "kept");
  const before = serverOf();
  process.kill(before, "SIGKILL");
  expect(await connection.get("k")).toBe("kept");
  expect(serverOf()).not.toBe(before);
});

it("finds a short place for its socket where the directory's path is too long for one", async () => {
  const deep = join(directory.path, "a".repeat(60), "b".repeat(60));
  const redis = await start(deep);
  expect(redis.socket.length).toBeLessThanOrEqual(100);
  expect(await connected(redis.socket).ping()).toBe("PONG");
});

it("says what to install where there is no Redis server", async () => {
  const path = process.env.PATH;
  undo.push(() => {
    process.env.PATH = path;
  });
  // Only what the watchdog needs.
  process.env.PATH = "/bin/there-is-none";
  const failed = startPrivateRedis(directory.path, quiet);
  await expect(failed).rejects.toThrow(ConfigError);
  await expect(failed).rejects.toThrow(/REDIS_URL.*apt-get install redis-server/);
});
