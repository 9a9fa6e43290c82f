import { describe, expect, it } from "vitest";
import type { AlertActor } from "../../src/domain/alerts/alert.ts";
import type { Seen } from "../../src/domain/alerts/poll.ts";
import type { ChannelSubscription, Mute } from "../../src/domain/subscription.ts";
import type { Trouble } from "../../src/ports/store.ts";
import { openStore } from "../../src/store/store.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const storeOf = (file: ChannelSubscription[] = []) => openStore(redis.connect(), redis.prefix(), file);

const subscription: ChannelSubscription = {
  channel: "C0000000001",
  topic: "alerts",
  severity: "medium",
  scopes: [{ kind: "sub", pattern: "prod-*" }],
  language: "ja",
  origin: "command",
  by: "U1",
  at: "2026-03-01T10:00:00.000Z",
};
const mute: Mute = {
  id: "m1",
  channel: "C0000000001",
  sort: "K8S.*",
  scopes: [],
  from: "2026-03-01T10:00:00.000Z",
  until: "2026-03-01T14:00:00.000Z",
  by: "U1",
};

describe("subscriptions", () => {
  it("lists those of the file before those made by command, and returns them unchanged", async () => {
    const fromFile: ChannelSubscription = { channel: "C9", topic: "rescan", scopes: [], origin: "file" };
    const { subscriptions } = storeOf([fromFile]);
    await subscriptions.put(subscription);
    expect(await subscriptions.list()).toEqual([fromFile, subscription]);
  });

  it("replaces the subscription of the same channel and topic", async () => {
    const { subscriptions } = storeOf();
    await subscriptions.put(subscription);
    await subscriptions.put({ ...subscription, severity: "high" });
    expect(await subscriptions.list()).toEqual([{ ...subscription, severity: "high" }]);
  });

  it("removes one topic or all of a channel, and leaves other channels and the file alone", async () => {
    const fromFile: ChannelSubscription = { ...subscription, origin: "file" };
    const { subscriptions } = storeOf([fromFile]);
    const rescan: ChannelSubscription = { ...subscription, topic: "rescan" };
    const other: ChannelSubscription = { ...subscription, channel: "C0000000002" };
    for (const one of [subscription, rescan, other]) await subscriptions.put(one);
    expect(await subscriptions.remove(subscription.channel, "rescan")).toEqual([rescan]);
    expect(await subscriptions.remove(subscription.channel)).toEqual([subscription]);
    expect(await subscriptions.remove(subscription.channel)).toEqual([]);
    expect(await subscriptions.list()).toEqual([fromFile, other]);
  });
});

describe("mutes", () => {
  it("hold from their beginning until their end, then wait to be summed up until settled", async () => {
    const { mutes } = storeOf();
    await mutes.put(mute);
    expect(await mutes.list("2026-03-01T13:59:59.999Z")).toEqual([mute]);
    expect(await mutes.ended("2026-03-01T13:59:59.999Z")).toEqual([]);
    expect(await mutes.list(mute.until)).toEqual([]);
    expect(await mutes.ended(mute.until)).toEqual([mute]);
    await mutes.settle(mute.id);
    expect(await mutes.ended(mute.until)).toEqual([]);
  });

  it("count each event that they muted once, also after they were ended, and forget it once settled", async () => {
    const { mutes } = storeOf();
    await mutes.put(mute);
    await mutes.keepOut(mute.id, new Map());
    await mutes.keepOut(
      mute.id,
      new Map([
        ["e1", "K8S.NODE_X"],
        ["e2", "VM_Y"],
      ]),
    );
    await mutes.keepOut(
      mute.id,
      new Map([
        ["e1", "K8S.NODE_X"],
        ["e3", "K8S.NODE_X"],
      ]),
    );
    const by = { person: "U2", at: "2026-03-01T12:00:00.000Z" };
    expect(await mutes.end(mute.channel, by, "another")).toEqual([]);
    const ended = { ...mute, until: by.at, endedBy: "U2" };
    expect(await mutes.end(mute.channel, by, mute.id)).toEqual([ended]);
    expect([await mutes.list(by.at), await mutes.ended(by.at)]).toEqual([[], [ended]]);
    expect(await mutes.counts(mute.id)).toEqual({ "K8S.NODE_X": 2, VM_Y: 1 });
    await mutes.settle(mute.id);
    expect(await mutes.counts(mute.id)).toEqual({});
  });
});

describe("the alert feed's memory", () => {
  it("keeps fingerprints of thousands of alerts, and gives them with baseline and reading in one go", async () => {
    const { alerts } = storeOf();
    const seen = new Map(
      Array.from({ length: 2500 }, (_, n) => [
        `/sub/a/alerts/${n}`,
        { row: `r${n}`, api: "", day: "2026-03-01", at: "" },
      ]),
    );
    await alerts.mark(seen, new Map(), ["s1"]);
    await alerts.mark(new Map(), new Map(), ["s2"]);
    const reading = {
      at: "2026-03-01T00:00:00Z",
      ok: true,
      alerts: 3,
      subscriptions: 2,
      unread: [],
      failures: 0,
    };
    await alerts.setReading(reading);
    expect(await alerts.state()).toEqual({ seen, baseline: new Set(["s1", "s2"]), reading });
    const some = await alerts.state(["/sub/a/alerts/7", "/sub/a/alerts/none"]);
    expect([...some.seen.keys()]).toEqual(["/sub/a/alerts/7"]);
    expect((await alerts.state([])).seen.size).toBe(0);
  });

  it("a later time wins, whoever writes last; what only a button asked for is unconfirmed until a reading", async () => {
    const { alerts } = storeOf();
    const at = (second: number) => `2026-03-01T00:00:0${second}.000Z`;
    const read = (second: number, api: string) => ({ row: "r", api, day: "2026-03-01", at: at(second) });
    const mark = async (compared: Map<string, Seen>, seen: Seen) => {
      await alerts.mark(new Map([["a", seen]]), compared);
      return (await alerts.state()).seen.get("a");
    };
    await mark(new Map(), read(1, "active"));
    const before = (await alerts.state()).seen;
    await alerts.press("a", "resolved", at(3), "s1");
    const pressed = { row: "r2", api: "resolved", day: "2026-03-01", at: at(3), unconfirmed: true };
    expect(await mark(before, { ...read(2, "active"), row: "r2" })).toEqual(pressed);
    // It asked after the button, and did not know of it: what it published may be older.
    expect(await mark(before, read(4, "active"))).toEqual({ ...read(4, "active"), unconfirmed: true });
    expect(await mark((await alerts.state()).seen, read(5, "active"))).toEqual(read(5, "active"));
    await alerts.press("b", "dismissed", at(5), "s1");
    expect((await alerts.state()).seen.get("b")?.day).toBe("");
  });

  it("keeps the sum of a subscription only where nothing changed while its alerts were read", async () => {
    const { alerts } = storeOf();
    const taken = { sum: "3:77", alerts: 2 };
    const settle = (token: string) =>
      alerts.settle(token, new Map(["s1", "s2", "s3", "s4"].map((id) => [id, taken])));
    await alerts.claim(["s1", "s2", "s3"], "first");
    await alerts.press("a", "resolved", "2026-03-01T00:00:00.000Z", "s2");
    await alerts.doubt(["a"], ["s3"]);
    await settle("first");
    expect(await alerts.sums()).toEqual(new Map([["s1", taken]]));
    await alerts.claim(["s1"], "second");
    await settle("first");
    expect((await alerts.sums()).get("s1")?.sum).not.toBe(taken.sum);
  });

  it("is empty on the very first start", async () => {
    const { alerts } = storeOf();
    expect(await alerts.state()).toEqual({ seen: new Map(), baseline: new Set(), reading: undefined });
    expect(await alerts.cursor()).toBe(0);
    expect(await alerts.actor("x")).toBeUndefined();
  });

  it("remembers the place of reconciliation, and who changed an alert", async () => {
    const { alerts } = storeOf();
    await alerts.setCursor(7);
    const actor: AlertActor = {
      person: "U1",
      action: "dismiss",
      at: "2026-03-01T00:00:00Z",
      reason: "known",
    };
    await alerts.setActor("/a/1", actor);
    expect(await alerts.cursor()).toBe(7);
    expect(await alerts.actor("/a/1")).toEqual(actor);
  });

  it("forgets alerts that were not seen for 120 days", async () => {
    const store = storeOf();
    const old = { row: "r", api: "a", day: "2026-01-01", at: "2026-01-01T00:00:00.000Z" };
    await store.alerts.mark(
      new Map([
        ["old", old],
        ["new", { ...old, day: "2026-01-02" }],
      ]),
      new Map(),
    );
    await store.trim("2026-05-02T08:00:00.000Z");
    expect([...(await store.alerts.state()).seen.keys()]).toEqual(["new"]);
  });
});

describe("troubles", () => {
  it("stay as they were first opened until they are closed", async () => {
    const { trouble } = storeOf();
    const about: Trouble = {
      since: "2026-03-01T00:00:00Z",
      detail: "403",
      kind: "azure",
      name: "prod",
      channels: ["C1"],
    };
    expect(await trouble.open("azure", about)).toEqual(about);
    expect(await trouble.open("azure", { ...about, detail: "again" })).toEqual(about);
    expect(await trouble.find("azure")).toEqual(about);
    expect(await trouble.list()).toEqual([{ what: "azure", ...about }]);
    await trouble.close("azure");
    await trouble.close("azure");
    expect(await trouble.find("azure")).toBeUndefined();
    expect(await trouble.list()).toEqual([]);
  });
});

describe("whether Redis keeps what is written to it", () => {
  it("is known from the server itself: what it evicts, whether it appends to a file, and when that is on disk", async () => {
    const connection = redis.connect();
    const store = openStore(connection, redis.prefix(), []);
    expect(await store.sizes.durability()).toEqual({
      eviction: "noeviction",
      appendOnly: true,
      sync: "always",
    });
    await connection.config("SET", "maxmemory-policy", "allkeys-lru");
    try {
      expect(await store.sizes.durability()).toMatchObject({ eviction: "allkeys-lru" });
    } finally {
      await connection.config("SET", "maxmemory-policy", "noeviction");
    }
  });
});

describe("the size of what is kept", () => {
  it("is listed by kind, with the retention, for our own prefix only", async () => {
    const connection = redis.connect();
    const prefix = redis.prefix();
    const store = openStore(connection, prefix, []);
    await store.subscriptions.put(subscription);
    await store.mutes.put(mute);
    await store.mutes.keepOut(mute.id, new Map([["e", "x"]]));
    await connection.set(`${prefix.slice(0, -1)}-other}:mutes`, "not ours");
    const sizes = await store.sizes.sizes();
    expect(sizes.map(({ kind, keys }) => ({ kind, keys }))).toEqual(
      expect.arrayContaining([
        { kind: "mutes", keys: 2 },
        { kind: "subscriptions", keys: 1 },
      ]),
    );
    expect(sizes).toHaveLength(2);
    for (const { bytes, retention } of sizes) {
      expect(bytes).toBeGreaterThan(0);
      expect(retention.en).not.toBe("unknown");
      expect(retention.ja).toMatch(/\p{Script=Han}|\p{Script=Hiragana}/u);
    }
  });
});

describe("a row that has to wait again", () => {
  const [at, first] = ["2026-03-01T08:00:00.000Z", "C0000000001"];
  const event = (id: string) => ({
    ...{ v: 1 as const, id, notifier: "alert", key: id, at, severity: "high" as const, event: {} },
  });

  it("has waited since it was taken out, and what is held of a message goes with it", async () => {
    const { outbox } = storeOf();
    const record = (id: string) => outbox.record([event(id)], [{ channel: first, rows: [{ id }] }], at);
    const message = {
      ...{ v: 1 as const, id: "m1", notifier: "alert", members: ["e1"], initial: 1 },
      ...{ language: "en" as const, bundle: false },
    };
    const intent = {
      ...{ v: 1 as const, id: "m1", message: "m1", what: { kind: "head" as const }, started: at },
      ...{ looked: 0, attempts: 1, form: 0 as const },
    };
    await record("e1");
    await outbox.claim(first, message, intent, at);
    await outbox.complete(first, intent, { message: { ...message, ts: "1.1" } });
    await outbox.hold(first, "m1.1", "invalid_blocks");
    await record("e2");
    const joined = "2026-03-01T08:05:00.000Z";
    await outbox.join(first, "e2", { ...message, members: ["e1", "e2"] }, "", joined);
    expect(await outbox.release(first, "e2", "m1")).toBe(true);
    expect(await outbox.depth()).toMatchObject([{ oldest: joined, held: 1 }]);
    await outbox.trim("2026-07-01T08:00:00.000Z");
    expect(await outbox.depth()).toMatchObject([{ held: 0 }]);
  });
});
