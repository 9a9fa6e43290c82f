import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import * as tls from "node:tls";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import { ConfigError } from "../../src/errors.ts";
import { connect, disconnect, guarded, type RedisConnection } from "../../src/redis/connection.ts";
import { readRedisUrl, redisUrlProblem } from "../../src/redis/redis-url.ts";
import { openStore } from "../../src/store/store.ts";
import { noted, queueOf } from "../queues.ts";
import { quiet } from "../quiet.ts";
import { redisServers } from "../redis-servers.ts";

const servers = redisServers();
const connections: RedisConnection[] = [];
const at = (url: string, use?: "commands" | "queue") => {
  const connection = connect({ url }, quiet, use);
  connections.push(connection);
  return connection;
};
afterEach(() => Promise.all(connections.splice(0).map(disconnect)));
afterAll(() => servers.stop());

/** What the bot does with its Redis: scripts, transactions, pipelines, sizes, and a job through the queue. */
async function serves(url: string): Promise<void> {
  const prefix = "{breakwater}";
  const store = openStore(at(url), prefix, []);
  expect(await store.once.first("delivery", 60)).toBe(true);
  expect(await store.once.first("delivery", 60)).toBe(false);
  const lease = await store.leases.acquire("poll", 60);
  expect(await lease?.renew()).toBe(true);
  await store.alerts.mark(new Map([["/a/1", { row: "r", api: "a", day: "2026-03-01", at: "" }]]), new Map(), [
    "s1",
  ]);
  expect(await store.alerts.state()).toMatchObject({ baseline: new Set(["s1"]) });
  const record = { channel: "C1", rows: [{ id: "e1" }] };
  const event = {
    v: 1,
    id: "e1",
    notifier: "alert",
    key: "k",
    at: "2026-03-01",
    severity: "high",
    event: {},
  } as const;
  const now = "2026-03-01T00:00:00.000Z";
  expect(await store.outbox.record([{ ...event, revision: 7 }], [record], now)).toEqual({
    sums: new Map([["C1", { recorded: 1, updated: 0 }]]),
    conflicts: [],
  });
  expect((await store.outbox.state("C1")).waiting).toEqual(["e1"]);
  const { definition, runs } = noted(undefined, { key: () => "C1" });
  const work = queueOf({ connect: (use) => at(url, use) }, prefix, { deliver: definition });
  await work.startWorkers();
  await work.queue.enqueue("deliver", { n: 3 });
  await expect.poll(() => runs, { timeout: 30_000 }).toMatchObject([{ n: 3 }]);
  await work.stop(5);
  const kinds = (await store.sizes.sizes()).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["alerts", "leases", "once", "outbox", "queue"]));
}

describe("REDIS_URL", () => {
  it("redis:// with a password and a database", async () => {
    const port = await servers.single(["--requirepass", "p@ss/word"]);
    const url = `redis://:${encodeURIComponent("p@ss/word")}@127.0.0.1:${port}/2`;
    await serves(url);
    expect(await at(url).dbsize()).toBeGreaterThan(0);
    expect(await at(url.replace(/2$/, "0")).dbsize()).toBe(0);
  });

  it("rediss:// checks the server's certificate, and serves where its authority is trusted", async () => {
    const { caPath, certificate, key } = throwAwayAuthority(servers.directory);
    const authority = readFileSync(caPath, "utf8");
    const port = await servers.tls({ authority, certificate, key });
    const url = `rediss://127.0.0.1:${port}`;
    const refused = new Promise((resolve) =>
      at(url)
        .once("error", resolve)
        .connect()
        .catch(() => undefined),
    );
    expect(await refused).toMatchObject({ code: "SELF_SIGNED_CERT_IN_CHAIN" });
    // What NODE_EXTRA_CA_CERTS does when a process starts.
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, authority]);
    try {
      await serves(url);
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });

  it("redis+sentinel:// finds the master by its name", { timeout: 120_000 }, async () => {
    const master = await servers.single();
    const sentinel = await servers.sentinel("bw", master);
    await serves(`redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel}/bw`);
    await serves2(`redis+sentinel://127.0.0.1:${sentinel}/bw/1`, master);
  });

  it("redis+cluster:// keeps every key of the bot in one slot of three masters", {
    timeout: 120_000,
  }, async () => {
    const ports = await servers.cluster();
    await serves(`redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(",")}`);
  });
});

/** The database of a Sentinel URL is the one that is used. */
async function serves2(url: string, master: number): Promise<void> {
  await at(url).set("in-one", "1");
  expect(await at(`redis://127.0.0.1:${master}/1`).get("in-one")).toBe("1");
}

describe("the forms of REDIS_URL", () => {
  it.each([
    ["redis://h", { kind: "single", tls: false, hosts: [{ host: "h", port: 6379 }] }],
    [
      "rediss://u:p@[::1]:1/3",
      { kind: "single", tls: true, hosts: [{ host: "::1", port: 1 }], username: "u", password: "p", db: 3 },
    ],
    [
      "redis+sentinel://a,b:2/m/4",
      {
        kind: "sentinel",
        tls: false,
        hosts: [
          { host: "a", port: 26379 },
          { host: "b", port: 2 },
        ],
        name: "m",
        db: 4,
      },
    ],
    [
      "rediss+cluster://a:1,b:2",
      {
        kind: "cluster",
        tls: true,
        hosts: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
  ])("%s is understood", (url, place) => {
    expect(readRedisUrl(url)).toMatchObject(place);
  });

  it.each([
    "localhost:6379",
    "http://secret@h:1",
    "redis://h:99999",
    "redis://a,b",
    "redis://h/db",
    "redis+sentinel://h:1",
    "redis+cluster://h:1/3",
  ])("%s is refused with a sentence that does not repeat it", (url) => {
    expect(redisUrlProblem(url)).toBeTypeOf("string");
    expect(redisUrlProblem(url)).not.toContain("secret");
    expect(() => connect({ url }, quiet)).toThrow(ConfigError);
  });
});

it("a Redis that is not there fails a command after a while, as an upstream that may come back", {
  timeout: 120_000,
}, async () => {
  const server = createServer((connection) => connection.destroy());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  const failed = guarded({ get: () => at(`redis://127.0.0.1:${port}`).get("k") }).get();
  await expect(failed).rejects.toMatchObject({ name: "UpstreamError", system: "redis", retryable: true });
  server.close();
});
