import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type StoredKind, storedKinds } from "../../src/domain/stored-kind.ts";
import type { ChannelSubscription, Mute } from "../../src/domain/subscription.ts";
import type { OpenStore } from "../../src/store/store.ts";
import { openStore } from "../../src/store/store.ts";
import { typeOf } from "../../src/store/values/key-types.ts";
import { enablementOf } from "../enablements.ts";
import { exemptionOf } from "../exemptions.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf, time } from "../runs.ts";

const redis = redisForThisFile();
const channel = "C0000000001";
const now = "2026-03-01T12:00:00.000Z";

const subscription = (topic: ChannelSubscription["topic"]): ChannelSubscription => ({
  ...{ channel, topic, scopes: [], origin: "command", by: "U1", at: "2026-03-01T10:00:00.000Z" },
});
const mute = (id: string): Mute => ({
  ...{
    id,
    channel,
    scopes: [],
    from: "2026-03-01T10:00:00.000Z",
    until: "2026-03-01T14:00:00.000Z",
    by: "U1",
  },
});
const seen = { row: "active|high||1", api: "", day: "2026-03-01", at: "" };
const entry = (line: string) => ({
  ...{ at: new Date().toISOString(), person: "U1", channel, source: "slash", line },
  ...{ command: "mute", action: "Mutes", outcome: "done" as const },
});
const trouble = { since: now, detail: "no answer", kind: "azure" as const, name: "Azure", channels: [] };
const event = (id: string) => ({
  ...{ v: 1 as const, id, notifier: "alert", key: id, at: now, severity: "high" as const, event: { id } },
});
const message = (id: string) => ({
  ...{
    v: 1 as const,
    id,
    notifier: "alert",
    members: [id],
    initial: 1,
    language: "en" as const,
    bundle: false,
  },
});
const intent = {
  ...{ v: 1 as const, id: "m", message: "m", what: { kind: "head" as const }, started: now },
  ...{ looked: 0, attempts: 1, form: 0 as const },
};
const follow = { kind: "part" as const, message: "m", index: 1 };
const day = { slot: "2026-03-01T08:00:00.000Z", open: { high: 1 }, fixed: 0, added: 1 };
const held = { slot: now, asOf: now, silent: [], before: 9, now: 1, scans: 1 };
const kept = z.object({ scope: z.string() });
const reading = { at: now, ok: true, alerts: 1, subscriptions: 1, unread: [], failures: 0 };
const cluster = (name: string) => ({ ...runOf().cluster!, id: `/clusters/${name}`, name });

const changedTo = (expected: string, id: string) => (id === expected ? id : undefined);

type Row = {
  kind: string;
  /** Below the prefix; `field` where it is a hash. */
  key: string;
  field?: string;
  /** Writes the value that is damaged, and another one of its kind. */
  write(store: OpenStore): Promise<unknown>;
  /** What is read of the other one. */
  other(store: OpenStore): Promise<unknown>;
  /** What is read of the damaged one: as if it were not there. */
  read(store: OpenStore): Promise<unknown>;
  plain?: true;
  /** Written once only. */
  once?: true;
};

const rows: Record<string, Row> = {
  subscription: {
    ...{ kind: "subscriptions", key: "subscriptions", field: `${channel}|alerts` },
    write: async ({ subscriptions }) => {
      await subscriptions.put(subscription("alerts"));
      await subscriptions.put(subscription("rescan"));
    },
    other: async ({ subscriptions }) => (await subscriptions.list()).find(({ topic }) => topic === "rescan"),
    read: async ({ subscriptions }) => (await subscriptions.list()).find(({ topic }) => topic === "alerts"),
  },
  "changed channel id": {
    ...{ kind: "channels", key: "channel-ids", field: "G0000000001" },
    write: async ({ channels }) => {
      await channels.learn("G0000000001", "C0000000002", now);
      await channels.learn("G0000000003", "C0000000004", now);
    },
    other: async ({ channels }) => changedTo("C0000000004", (await channels.latest())("G0000000003")),
    read: async ({ channels }) => changedTo("C0000000002", (await channels.latest())("G0000000001")),
  },
  mute: {
    ...{ kind: "mutes", key: "mutes", field: "m1" },
    write: async ({ mutes }) => [await mutes.put(mute("m1")), await mutes.put(mute("m2"))],
    other: async ({ mutes }) => (await mutes.list(now)).find(({ id }) => id === "m2"),
    read: async ({ mutes }) => (await mutes.list(now)).find(({ id }) => id === "m1"),
  },
  enablement: {
    ...{ kind: "enablements", key: "enablements", field: "e-1" },
    write: async ({ enablements }) => {
      await enablements.add(enablementOf({ id: "e-1" }));
      await enablements.add(enablementOf({ id: "e-2" }));
    },
    other: ({ enablements }) => enablements.get("e-2"),
    read: ({ enablements }) => enablements.get("e-1"),
    once: true,
  },
  exemption: {
    ...{ kind: "exemptions", key: "exemptions", field: "x-1" },
    write: async ({ exemptions }) => {
      await exemptions.add(exemptionOf({ id: "x-1" }));
      await exemptions.add(exemptionOf({ id: "x-2" }));
    },
    other: ({ exemptions }) => exemptions.get("x-2"),
    read: ({ exemptions }) => exemptions.get("x-1"),
    once: true,
  },
  "seen alert": {
    ...{ kind: "alerts", key: "alerts:seen", field: "a" },
    write: ({ alerts }) =>
      alerts.mark(
        new Map([
          ["a", seen],
          ["b", seen],
        ]),
        new Map(),
      ),
    other: async ({ alerts }) => (await alerts.state()).seen.get("b"),
    read: async ({ alerts }) => (await alerts.state()).seen.get("a"),
  },
  reading: {
    ...{ kind: "alerts", key: "alerts:reading" },
    write: async ({ alerts }) => [await alerts.setReading(reading), await alerts.setCursor(7)],
    other: async ({ alerts }) => (await alerts.cursor()) || undefined,
    read: async ({ alerts }) => (await alerts.state()).reading,
  },
  cursor: {
    ...{ kind: "alerts", key: "alerts:cursor", plain: true },
    write: async ({ alerts }) => [await alerts.setReading(reading), await alerts.setCursor(7)],
    other: ({ alerts }) => alerts.reading(),
    read: async ({ alerts }) => (await alerts.cursor()) || undefined,
  },
  "sum over the alerts of a subscription": {
    ...{ kind: "alerts", key: "alerts:sums", field: "a" },
    write: async ({ alerts }) => {
      await alerts.claim(["a", "b"], "t");
      const taken = { sum: "1:2", alerts: 1 };
      await alerts.settle(
        "t",
        new Map([
          ["a", taken],
          ["b", taken],
        ]),
      );
    },
    other: async ({ alerts }) => (await alerts.sums()).get("b"),
    read: async ({ alerts }) => (await alerts.sums()).get("a"),
  },
  "who changed an alert": {
    ...{ kind: "alerts", key: "alerts:actor:a" },
    write: async ({ alerts }) => {
      for (const id of ["a", "b"]) await alerts.setActor(id, { person: "U1", action: "take", at: now });
    },
    other: ({ alerts }) => alerts.actor("b"),
    read: ({ alerts }) => alerts.actor("a"),
  },
  trouble: {
    ...{ kind: "trouble", key: "trouble", field: "azure" },
    write: async (store) => {
      for (const what of ["azure", "rescan"]) await store.trouble.open(what, trouble);
    },
    other: (store) => store.trouble.find("rescan"),
    read: async (store) => (await store.trouble.list()).find(({ what }) => what === "azure"),
  },
  run: {
    ...{ kind: "simulations", key: "runs:run:r-a" },
    write: async ({ runs }) => [await runs.add(runOf({ id: "r-a" })), await runs.add(runOf({ id: "r-b" }))],
    other: async ({ runs }) => (await runs.open()).find(({ id }) => id === "r-b"),
    read: async ({ runs }) => (await runs.open()).find(({ id }) => id === "r-a"),
  },
  "visited cluster": {
    ...{ kind: "simulations", key: "runs:clusters", field: "/clusters/a" },
    write: async ({ runs }) => {
      for (const name of ["a", "b"]) await runs.visit(cluster(name), now);
    },
    other: async ({ runs }) => (await runs.visited()).find((one) => one.cluster.name === "b"),
    read: async ({ runs }) => (await runs.visited()).find((one) => one.cluster.name === "a"),
  },
  "alert of a run": {
    ...{ kind: "simulations", key: "runs:alert:a" },
    write: async ({ runs }) => {
      for (const id of ["a", "b"]) await runs.claim(id, { run: "r-a", scenario: "web-shell" });
    },
    other: async ({ runs }) => (await runs.claims(["a", "b"])).get("b"),
    read: async ({ runs }) => (await runs.claims(["a", "b"])).get("a"),
  },
  "slot of a drill": {
    ...{ kind: "simulations", key: "runs:drills", field: "a", plain: true },
    write: async ({ runs }) => [await runs.takeSlot("a", time(1)), await runs.takeSlot("b", time(2))],
    other: ({ runs }) => runs.lastSlot("b"),
    read: ({ runs }) => runs.lastSlot("a"),
  },
  "slot of a schedule": {
    ...{ kind: "slots", key: "slots", field: "a", plain: true },
    write: async ({ slots }) => [await slots.set("a", time(1)), await slots.set("b", time(2))],
    other: ({ slots }) => slots.last("b"),
    read: ({ slots }) => slots.last("a"),
  },
  event: {
    ...{ kind: "outbox", key: "event:a" },
    write: ({ outbox }) => {
      const ids = [{ id: "a" }, { id: "b" }];
      return outbox.record([event("a"), event("b")], [{ channel, rows: ids }], now);
    },
    other: async ({ outbox }) => (await outbox.events(["a", "b"])).get("b"),
    read: async ({ outbox }) => (await outbox.events(["a", "b"])).get("a"),
  },
  message: {
    ...{ kind: "outbox", key: `outbox:${channel}:messages`, field: "a" },
    write: async ({ outbox }) => [
      await outbox.gone(channel, message("a")),
      await outbox.gone(channel, message("b")),
    ],
    other: ({ outbox }) => outbox.message(channel, "b"),
    read: ({ outbox }) => outbox.message(channel, "a"),
  },
  intent: {
    ...{ kind: "outbox", key: `outbox:${channel}:intent` },
    write: async ({ outbox }) => [await outbox.intend(channel, intent), await outbox.called(channel, now)],
    other: async ({ outbox }) => (await outbox.state(channel)).called,
    read: async ({ outbox }) => (await outbox.state(channel)).intent,
  },
  pause: {
    ...{ kind: "outbox", key: `outbox:${channel}:about`, field: "paused" },
    write: async ({ outbox }) => {
      await outbox.called(channel, now);
      await outbox.pause(channel, { reason: "is_archived", since: now, until: now });
    },
    other: async ({ outbox }) => (await outbox.state(channel)).called,
    read: async ({ outbox }) => (await outbox.state(channel)).paused,
  },
  "open message": {
    ...{ kind: "outbox", key: `outbox:${channel}:open`, field: "a" },
    write: async ({ outbox }) => {
      await outbox.intend(channel, intent);
      const open = { message: "m", last: now };
      await outbox.complete(channel, intent, {
        open: [
          ["a", open],
          ["b", open],
        ],
        follows: [follow],
      });
    },
    other: async ({ outbox }) => (await outbox.state(channel)).open.get("b"),
    read: async ({ outbox }) => (await outbox.state(channel)).open.get("a"),
  },
  lag: {
    ...{ kind: "outbox", key: "outbox:lag" },
    write: async ({ outbox }) => {
      await outbox.noteLag({ at: now, notifier: "alert", seconds: 1 });
      await outbox.called(channel, now);
    },
    other: async ({ outbox }) => (await outbox.state(channel)).called,
    read: ({ outbox }) => outbox.lag(),
  },
  "daily counts": {
    ...{ kind: "findings", key: "findings:days", field: `|${day.slot}`, once: true },
    write: async ({ findings }) => {
      await findings.setPublished({
        slot: day.slot,
        days: new Map([
          ["", day],
          ["other", day],
        ]),
      });
    },
    other: async ({ findings }) => (await findings.days("other"))[0],
    read: async ({ findings }) => (await findings.days())[0],
  },
  "published slot": {
    ...{ kind: "findings", key: "findings:state", field: "published", plain: true },
    write: async ({ findings }) => {
      await findings.setPublished({ slot: day.slot, days: new Map([["", day]]) });
    },
    other: async ({ findings }) => (await findings.days())[0],
    read: ({ findings }) => findings.published(),
  },
  "held scan": {
    ...{ kind: "findings", key: "findings:state", field: "held" },
    write: async ({ findings }) => {
      await findings.hold(held);
      await findings.setPublished({ slot: day.slot, days: new Map() });
    },
    other: ({ findings }) => findings.published(),
    read: ({ findings }) => findings.held(),
  },
  "kept value": {
    ...{ kind: "once", key: "once:kept:a" },
    write: async ({ once }) => {
      for (const id of ["a", "b"]) await once.keep(id, { scope: id }, 60);
    },
    other: ({ once }) => once.peek("b", kept),
    read: ({ once }) => once.peek("a", kept),
  },
};

const damages: Record<string, string> = {
  "half a JSON text": '{"v":1,"chan',
  null: "null",
  "no version": '{"channel":"C1"}',
  "a version that never was": '{"v":"one"}',
  "a wrong type": '{"v":1,"channel":[],"event":7,"value":7}',
};
const cases = Object.entries(rows).flatMap(([name, row]) =>
  Object.entries(damages).map(([damage, text]) => ({ name, damage, row, text })),
);

async function written({ write, key }: Row) {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const store = openStore(connection, prefix, []);
  await write(store);
  return { connection, store, at: `${prefix}:${key}` };
}
type Written = Awaited<ReturnType<typeof written>>;
const put = ({ connection, at }: Written, { field }: Row, text: string) =>
  field === undefined ? connection.set(at, text) : connection.hset(at, field, text);
const textAt = ({ connection, at }: Written, { field }: Row) =>
  field === undefined ? connection.get(at) : connection.hget(at, field);

/** Kinds whose values are damaged in the tests of what uses them: test/unit/…-watch-job, test/wire/shared-readings. */
const elsewhere: StoredKind[] = ["compliance", "coverage", "hunts", "readings", "recommendations"];

describe("what is stored", () => {
  it("is damaged in a test, of whatever kind it is", () => {
    const tried = new Set([...Object.values(rows).map(({ kind }) => kind), "audit", ...elsewhere]);
    expect([...tried].sort()).toEqual([...storedKinds].sort());
  });

  it("has a type that is known for each key: scripts are checked by it before their first write", async () => {
    const connection = redis.connect();
    const prefix = redis.prefix();
    const store = openStore(connection, prefix, []);
    for (const { write } of Object.values(rows)) await write(store).catch(() => undefined);
    const names = (await connection.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !typeOf(name))).toEqual([]);
  });
});

describe("a stored value that cannot be read", () => {
  it.each(cases)(
    "$name, $damage: is moved to quarantine, and its neighbours are read",
    async ({ row, text }) => {
      const bed = await written(row);
      await put(bed, row, text);
      expect(await row.read(bed.store)).toBeUndefined();
      expect(await row.other(bed.store)).toBeDefined();
      expect(await textAt(bed, row)).toBeNull();
      const [result, ...more] = await bed.store.quarantine.list();
      expect(more).toEqual([]);
      expect(result).toMatchObject({ kind: row.kind, key: bed.at, ...(row.field && { field: row.field }) });
      expect(
        await bed.connection.hget(`${bed.at.slice(0, -row.key.length)}quarantine:${result!.id}`, "value"),
      ).toBe(text);
    },
  );

  it.each(Object.entries(rows))(
    "%s: another type in Redis is moved whole, and the kind works again",
    async (_, row) => {
      const bed = await written(row);
      await bed.connection.del(bed.at);
      await bed.connection.geoadd(bed.at, 1, 1, "x");
      await row.read(bed.store);
      expect(await bed.connection.type(bed.at)).not.toBe("zset");
      expect(await bed.store.quarantine.list()).toMatchObject([{ kind: row.kind, key: bed.at }]);
      await row.write(bed.store);
      expect(row.once || (await row.read(bed.store)) !== undefined).toBe(true);
    },
  );

  it.each(Object.entries(rows).filter(([, { plain }]) => !plain))(
    "%s: a newer version is left as it is, not used, not written over, and reported",
    async (_, row) => {
      const bed = await written(row);
      const text = row.key === "alerts:seen" ? '[2,"from","the","future"]' : '{"v":2,"from":"the future"}';
      await put(bed, row, text);
      expect(await row.read(bed.store)).toBeUndefined();
      await row.write(bed.store).catch(() => undefined);
      // What one call to Slack is about is written by the pump alone, which leaves the channel to the newer version.
      if (!["intent", "message", "paused"].some((word) => `${row.key} ${row.field}`.includes(word)))
        expect(await textAt(bed, row)).toBe(text);
      else await put(bed, row, text);
      expect(await bed.store.quarantine.list()).toMatchObject([{ kind: row.kind, key: bed.at, newer: 2 }]);
    },
  );
});

describe("quarantine", () => {
  const damaged = async () => {
    const bed = await written(rows.mute!);
    await put(bed, rows.mute!, "null");
    await bed.store.mutes.list(now);
    return bed;
  };

  it("names the command that removes a value, after which it is no longer listed", async () => {
    const bed = await damaged();
    const [value] = await bed.store.quarantine.list();
    const [, command, ...args] = value!.remove.split(" ").map((word) => word.replaceAll("'", ""));
    await bed.connection.call(command!, ...args);
    expect(await bed.store.quarantine.list()).toEqual([]);
  });

  it("names a newer value only as long as it is there", async () => {
    const bed = await written(rows.mute!);
    await put(bed, rows.mute!, '{"v":2}');
    await bed.store.mutes.list(now);
    expect(await bed.store.quarantine.list()).toHaveLength(1);
    await bed.connection.hdel(bed.at, "m1");
    expect(await bed.store.quarantine.list()).toEqual([]);
  });

  it("keeps the last 500 values", async () => {
    const bed = await written(rows.mute!);
    for (let id = 0; id < 520; id++) await bed.connection.hset(bed.at, `x${id}`, "null");
    await bed.store.mutes.list(now);
    expect(await bed.store.quarantine.list()).toHaveLength(500);
  });

  it("holds no one up: runs that wait after a damaged one have their turn", async () => {
    const bed = await written(rows.run!);
    const { runs } = bed.store;
    for (const [id, minute] of [
      ["r-a", 1],
      ["r-b", 2],
    ] as const)
      await runs.change(id, (run) => ({
        ...run,
        state: "approved",
        at: { ...run.at, approved: time(minute) },
      }));
    await put(bed, rows.run!, "null");
    await runs.open();
    expect(await runs.before((await runs.get("r-b"))!)).toBe(0);
  });

  it("takes a damaged entry out of the audit log, and leaves the others", async () => {
    const connection = redis.connect();
    const prefix = redis.prefix();
    const { audit, quarantine } = openStore(connection, prefix, []);
    await audit.append(entry("mute a"));
    await connection.xadd(`${prefix}:audit`, "*", "entry", "null");
    expect(await audit.read("2026-01-01T00:00:00.000Z")).toHaveLength(1);
    expect(await quarantine.list()).toMatchObject([{ kind: "audit" }]);
    expect(await connection.xlen(`${prefix}:audit`)).toBe(1);
  });
});
