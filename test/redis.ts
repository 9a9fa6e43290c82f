import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { connect, disconnect, type RedisConnection } from "../src/redis/connection.ts";
import { type PrivateRedis, startPrivateRedis } from "../src/redis/private-redis.ts";
import { quiet } from "./quiet.ts";

/** A Redis of a test file's own. */
export type TestRedis = {
  readonly socket: string;
  /** A connection that is closed at the end of the file. */
  connect(use?: "commands" | "queue"): RedisConnection;
  /** A key prefix that no other test has. */
  prefix(): string;
  /** Kills the server as a crash would; it is started again on the same data. */
  kill(): void;
};

/** A directory of a test's own, and how to remove it. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "breakwater-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a real Redis before the tests of this file, and ends it after them. */
export function redisForThisFile(): TestRedis {
  const directory = temporaryDirectory();
  const connections: RedisConnection[] = [];
  let redis: PrivateRedis | undefined;
  const socket = () => {
    if (!redis) throw new Error("Redis is there from the first beforeAll on");
    return redis.socket;
  };
  beforeAll(async () => {
    redis = await startPrivateRedis(directory.path, quiet);
    await redis.ready;
  });
  afterAll(async () => {
    await Promise.all(connections.map(disconnect));
    await redis?.stop();
    directory.remove();
  });
  return {
    get socket() {
      return socket();
    },
    connect(use) {
      const connection = connect({ socket: socket() }, quiet, use);
      connections.push(connection);
      return connection;
    },
    prefix: () => `{test-${randomUUID().slice(0, 8)}}`,
    kill() {
      process.kill(Number(readFileSync(join(directory.path, "redis", "redis.pid"), "utf8")), "SIGKILL");
    },
  };
}
