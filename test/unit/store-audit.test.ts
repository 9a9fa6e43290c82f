import { expect, it } from "vitest";
import type { AuditEntry } from "../../src/ports/store.ts";
import { openStore } from "../../src/store/store.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const entry = (n: number, at = new Date().toISOString()): AuditEntry => ({
  at,
  person: `U${n}`,
  channel: "C1",
  source: "button",
  line: `resolve ${n}`,
  command: "resolve",
  action: "resolve",
  outcome: "done",
});

it("reads what happened since a time, the newest first, at most as many as asked for", async () => {
  const { audit } = openStore(redis.connect(), redis.prefix(), []);
  const entries = Array.from({ length: 1200 }, (_, n) => entry(n));
  await Promise.all(entries.map((one) => audit.append(one)));
  const dayAgo = new Date(Date.now() - 86_400_000).toISOString();
  const all = await audit.read(dayAgo);
  expect(all).toHaveLength(1200);
  expect(all[0]).toEqual(entries.at(-1));
  expect(await audit.read(dayAgo, 3)).toEqual(entries.slice(-3).reverse());
  expect(await audit.read(new Date(Date.now() + 1000).toISOString())).toEqual([]);
});

it("puts down what is about to be done: its outcome replaces it, and a form takes it back", async () => {
  const { audit } = openStore(redis.connect(), redis.prefix(), []);
  const dayAgo = new Date(Date.now() - 86_400_000).toISOString();
  const begun = await Promise.all([1, 2, 3, 4].map((n) => audit.begin({ ...entry(n), outcome: "started" })));
  const outcomes = async () =>
    Object.fromEntries((await audit.read(dayAgo)).map(({ person, outcome }) => [person, outcome]));
  expect(await outcomes()).toEqual({ U1: "started", U2: "started", U3: "started", U4: "started" });
  await audit.append(entry(1), begun[0]);
  await audit.append({ ...entry(2), outcome: "refused" }, begun[1]);
  await audit.withdraw(begun[2]!);
  // The process ended before the fourth one did.
  expect(await outcomes()).toEqual({ U1: "done", U2: "refused", U4: "started" });
  expect(await audit.read(dayAgo)).toHaveLength(3);
});

it("reads an entry whose words a newer version wrote, without them", async () => {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const { audit } = openStore(connection, prefix, []);
  const at = "2026-11-23T08:00:30.000Z";
  const newer = { v: 1, ...entry(1, at), audited: { verb: "teleport", kind: "alert" } };
  await connection.xadd(`${prefix}:audit`, "*", "entry", JSON.stringify(newer));
  await audit.append({ ...entry(2, at), audited: { verb: "mute", kind: "alerts", name: "x".repeat(900) } });
  const read = await audit.read("2026-11-23T00:00:00.000Z");
  const longest = Math.max(...read.map(({ audited }) => audited?.name?.length ?? 0));
  expect(read.map(({ audited }) => audited?.verb).sort()).toEqual(["mute", undefined]);
  expect(longest).toBeLessThanOrEqual(150);
});

const refusal = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...entry(1, "2026-11-23T08:00:30.000Z"),
  outcome: "refused",
  line: `alerts ${n} ${"x".repeat(10_000)}`,
  detail: "y".repeat(10_000),
  ...more,
});
const since = "2026-11-23T00:00:00.000Z";

it("counts what a person is refused within a minute, in one short entry", async () => {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const { audit } = openStore(connection, prefix, []);
  await Promise.all(Array.from({ length: 400 }, (_, n) => audit.append(refusal(n))));
  const [one, ...more] = await audit.read(since);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ person: "U1", outcome: "refused", count: 400 });
  expect(one?.line).toMatch(/^alerts \d+ x+…$/);
  expect(await connection.memory("USAGE", `${prefix}:audit:refusals`)).toBeLessThan(20_000);
});

it("keeps refusals of another person, command or minute apart, and leaves those alone uncounted", async () => {
  const { audit } = openStore(redis.connect(), redis.prefix(), []);
  await audit.append(refusal(1));
  await audit.append(refusal(2, { person: "U2" }));
  await audit.append(refusal(3, { command: "mute" }));
  await audit.append(refusal(4, { at: "2026-11-23T08:01:00.000Z" }));
  const entries = await audit.read(since);
  expect(entries).toHaveLength(4);
  expect(entries.every(({ count }) => count === undefined)).toBe(true);
});

it("never counts together what was done, and refusals cannot displace it", async () => {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const { audit } = openStore(connection, prefix, []);
  const at = "2026-11-23T08:00:30.000Z";
  await audit.append({ ...entry(1, at), line: "long ".repeat(2000) });
  await audit.append(entry(1, at));
  const fill = connection.pipeline();
  for (let n = 0; n < 21_000; n++) fill.xadd(`${prefix}:audit:refusals`, "*", "entry", "{}");
  await fill.exec();
  await audit.append(refusal(1));
  expect(await connection.xlen(`${prefix}:audit:refusals`)).toBeLessThan(20_200);
  await connection.xtrim(`${prefix}:audit:refusals`, "MAXLEN", 1);
  const entries = await audit.read(since);
  expect(entries.map(({ outcome }) => outcome).sort()).toEqual(["done", "done", "refused"]);
  expect(entries.every(({ line }) => line.length <= 1000)).toBe(true);
});

it("keeps about 100,000 entries of what was done, and no more", async () => {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const { audit } = openStore(connection, prefix, []);
  const fill = `for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'entry', '{}') end`;
  for (const [more, write] of [
    [101_000, audit.begin],
    [1000, audit.append],
  ] as const) {
    await connection.eval(fill, 1, `${prefix}:audit`, more);
    await write(entry(1));
    expect(await connection.xlen(`${prefix}:audit`)).toBeLessThan(100_200);
  }
});

it("forgets entries after 400 days", async () => {
  const store = openStore(redis.connect(), redis.prefix(), []);
  await store.audit.append(entry(1));
  await store.audit.append({ ...entry(1), outcome: "refused" });
  await store.trim(new Date(Date.now() + 399 * 86_400_000).toISOString());
  expect(await store.audit.read("2000-01-01T00:00:00.000Z")).toHaveLength(2);
  await store.trim(new Date(Date.now() + 401 * 86_400_000).toISOString());
  expect(await store.audit.read("2000-01-01T00:00:00.000Z")).toEqual([]);
});

it("forgets entries after the days that are set", async () => {
  const store = openStore(redis.connect(), redis.prefix(), [], { audit: 30 });
  await store.audit.append(entry(1));
  await store.trim(new Date(Date.now() + 29 * 86_400_000).toISOString());
  expect(await store.audit.read("2000-01-01T00:00:00.000Z")).toHaveLength(1);
  await store.trim(new Date(Date.now() + 31 * 86_400_000).toISOString());
  expect(await store.audit.read("2000-01-01T00:00:00.000Z")).toEqual([]);
  const said = (await store.sizes.sizes()).find(({ kind }) => kind === "audit");
  expect(said?.retention).toEqual({ en: "30 days", ja: "30 日" });
});
