import { describe, expect, it } from "vitest";
import { recordOf } from "../../src/domain/findings/model/artifact-record.ts";
import { storedKinds } from "../../src/domain/stored-kind.ts";
import { openStore } from "../../src/store/store.ts";
import { artifactFrom, flaw, headOf } from "../findings-estate.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const channel = "C0000000001";
const now = "2026-03-01T12:00:00.000Z";

function bed() {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const open = () => openStore(connection, prefix, []);
  return { connection, key: (name: string) => `${prefix}:${name}`, open, store: open() };
}
type Bed = ReturnType<typeof bed>;

/** A snapshot of one image. */
async function snapshot({ store: { findings } }: Bed, day: number) {
  const words = await findings.dictionary();
  const artifacts = [artifactFrom("web", { flaws: [flaw(`CVE-2025-${day}`, "high")] }, words)];
  const base = (await findings.current())?.slot;
  const records = artifacts.map(recordOf);
  return findings.write(base, { head: headOf(day, artifacts, words), records, dictionary: words });
}

describe("packed values that cannot be read", () => {
  const damages = {
    "half of it": '{"v":1,"re',
    null: "null",
    nothing: "",
    "other bytes": "\u0001\u0002\u0003",
  };

  it.each(Object.entries(damages))("details of CVEs, %s: are moved, the others are read", async (_, text) => {
    const one = bed();
    const { findings, quarantine } = one.store;
    for (const id of ["CVE-2025-1", "CVE-2025-2"])
      await findings.keepCves({ at: now, details: [], absent: [id] });
    await one.connection.lset(one.key("findings:cves"), 0, text);
    expect([...(await findings.cves()).cves.keys()]).toEqual(["CVE-2025-2"]);
    expect(await quarantine.list()).toMatchObject([{ kind: "findings", key: one.key("findings:cves") }]);
    await findings.keepCves({ at: now, details: [], absent: ["CVE-2025-3"] });
    expect((await findings.cves()).cves.size).toBe(2);
  });

  it.each(Object.entries(damages))(
    "a snapshot, %s: its reference or a piece is moved, and the next scan is a whole one",
    async (_, text) => {
      for (const part of ["reference", "piece"]) {
        const one = bed();
        expect(await snapshot(one, 1)).toBe(true);
        const pieces = await one.connection.keys(one.key("findings:piece:*"));
        if (part === "reference") await one.connection.hset(one.key("findings:state"), "current", text);
        else for (const piece of pieces) await one.connection.set(piece, text);
        // Another process, which has nothing of it in memory.
        const { findings, quarantine } = one.open();
        const head = await findings.current();
        expect(head && (await findings.open(head.slot))).toBeUndefined();
        expect((await quarantine.list()).map(({ kind }) => kind)).toContain("findings");
        expect(await snapshot({ ...one, store: one.open() }, 2)).toBe(true);
        const again = one.open().findings;
        expect(await again.open((await again.current())!.slot)).toBeDefined();
      }
    },
  );

  it("a piece of a newer version is left as it is and listed for as long as it is there", async () => {
    const one = bed();
    await snapshot(one, 1);
    const pieces = await one.connection.keys(one.key("findings:piece:*"));
    for (const piece of pieces) await one.connection.set(piece, "\u0002abc");
    const { findings, quarantine } = one.open();
    expect(await findings.open((await findings.current())!.slot)).toBeUndefined();
    const [value] = await quarantine.list();
    expect(value).toMatchObject({ kind: "findings", newer: 2 });
    expect(await one.connection.exists(...pieces)).toBe(pieces.length);
    await one.connection.del(...pieces);
    expect(await quarantine.list()).toEqual([]);
  });

  it("what was fixed on a day is moved, or left where a newer version wrote it", async () => {
    for (const [text, newer] of [
      ["null", undefined],
      ["\u0002abc", 2],
    ] as const) {
      const one = bed();
      const { findings, quarantine } = one.store;
      await findings.setPublished({ slot: now, days: new Map(), fixed: Uint8Array.of(1, 2) });
      await one.connection.set(one.key(`findings:fixed:${now}`), text);
      await findings.fixedBefore("2026-03-02T12:00:00.000Z");
      const [value, ...more] = await quarantine.list();
      expect(more).toEqual([]);
      expect(value).toMatchObject({ kind: "findings", key: one.key(`findings:fixed:${now}`) });
      expect(value!.newer).toBe(newer);
      expect(await one.connection.exists(one.key(`findings:fixed:${now}`))).toBe(newer ? 1 : 0);
    }
  });

  it("the next thing to be posted in a channel is moved, and what follows it has its turn", async () => {
    for (const text of ['{"kind":"pa', "null", '{"kind":"part","message":7}']) {
      const one = bed();
      const { outbox, quarantine } = one.store;
      const key = one.key(`outbox:${channel}:follow`);
      await one.connection.rpush(key, text, JSON.stringify({ kind: "part", message: "m", index: 1 }));
      expect((await outbox.state(channel)).follow).toBeUndefined();
      expect((await outbox.state(channel)).follow).toMatchObject({ message: "m" });
      expect(await quarantine.list()).toMatchObject([{ kind: "outbox", key }]);
    }
  });
});

it("every kind of key of another type is moved whole, under a key of its own", async () => {
  const one = bed();
  const keys = [
    ...["alerts:seen", "alerts:baseline", "alerts:sums", "alerts:reading", "alerts:cursor", "alerts:actor:a"],
    ...["channel-ids", "compliance", "coverage", "enablements", "exemptions", "hunts", "recommendations"],
    ...["readings:coverage", "runs:lane:a"],
    ...["audit", "audit:refusals", "audit:refused:U1:alerts:2026", "audit:sent:x", "event:a"],
    ...["findings:state", "findings:pieces", "findings:piece:a", "findings:cves", "findings:days"],
    ...["findings:fixed:a", "findings:fixings", "lease:a", "mutes", "mutes:m:kept", "once:kept:a"],
    ...["outbox:busy", "outbox:channels", "outbox:lag", `outbox:${channel}:waiting`],
    ...["changed", "placed-at", "follow", "intent", "messages", "open", "about"].map(
      (part) => `outbox:${channel}:${part}`,
    ),
    ...[
      "runs:run:a",
      "runs:alert:a",
      "runs:clusters",
      "runs:drills",
      "runs:time",
      "runs:watched",
      "runs:open",
    ],
    ...["slots", "slots:finished", "subscriptions", "trouble", "trouble:failures"],
  ].map(one.key);
  // A type that none of them has.
  for (const key of keys) await one.connection.pfadd(key, "x");
  const strings = keys.filter((key) =>
    /alerts:(reading|cursor|actor)|audit:sent|event:|piece:|fixed:|lease:|once:|readings:|outbox:lag|intent|runs:(run|alert):/.test(
      key,
    ),
  );
  for (const key of strings) {
    await one.connection.del(key);
    await one.connection.sadd(key, "x");
  }
  expect(await one.store.mutes.list(now)).toEqual([]);
  const listed = await one.store.quarantine.list();
  expect(listed.map(({ key }) => key).sort()).toEqual(keys.sort());
  expect([...new Set(listed.map(({ kind }) => kind))].sort()).toEqual([...storedKinds].sort());
  expect(await one.connection.exists(...keys)).toBe(0);
  for (const { remove } of listed) {
    const [, command, ...names] = remove.split(" ").map((word) => word.replaceAll("'", ""));
    expect(await one.connection.call(command!, ...names)).toBeGreaterThan(0);
  }
  expect(await one.store.quarantine.list()).toEqual([]);
});
