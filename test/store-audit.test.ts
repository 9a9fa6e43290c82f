import { expect, it } from "vitest";
import type { AuditEntry } from "../src/store/audit.ts";
import { openStore } from "../src/store/store.ts";
import { redisForThisFile } from "./redis.ts";

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

it("forgets entries after 400 days", async () => {
  const store = openStore(redis.connect(), redis.prefix(), []);
  await store.audit.append(entry(1));
  await store.trim(new Date(Date.now() + 399 * 86_400_000).toISOString());
  expect(await store.audit.read("2000-01-01T00:00:00.000Z")).toHaveLength(1);
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
