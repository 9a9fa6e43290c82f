import { beforeAll, describe, expect, it } from "vitest";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import type { NodeSeen } from "../../src/domain/coverage/watch/sightings.ts";
import type { Incident } from "../../src/domain/coverage/watch/watch-state.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import watchCoverage from "../../src/jobs/watch-coverage/index.ts";
import coverageNotifier from "../../src/notifiers/coverage/index.ts";
import baselineNotifier from "../../src/notifiers/coverage-baseline.ts";
import { eventId } from "../../src/publish/publish.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import {
  clusterIn,
  line,
  nodesOf,
  planWith,
  readAt,
  subscriptionOf,
  timeAt,
  unreadOf,
} from "../coverage-readings.ts";
import { known } from "../dispatch-estate.ts";
import { publishing, waitingEvents } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const notifiers = new Map([
  ["coverage", coverageNotifier as NotifierDefinition],
  ["coverage-baseline", baselineNotifier as NotifierDefinition],
]);
const subscribed = (channel: string, more: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  channel,
  topic: "coverage",
  scopes: [],
  origin: "file",
  ...more,
});
const refusal = (status: number, system: "azure" | "kubernetes" = "azure") =>
  new UpstreamError(`answered ${status}`, { system, status, code: `Http${status}`, retryable: false });

/** What the far side would answer at a minute after eight. */
type Far = {
  minutes: number;
  about?: Partial<Coverage>;
  unread?: Unread[];
  error?: Error;
  caller?: string | Error;
  nodes?: NodeSeen[];
  data?: number;
  /** The same of another cluster; without it there is none. */
  others?: number;
  /** Since when its workloads run. */
  since?: string;
};

/** One process with a real store and outbox; coverage, clusters and the activity log are records. */
function process(connection: RedisConnection, prefix: string, far: Far, channels = [subscribed("C1")]) {
  const store = openStore(connection, prefix, channels);
  const calls = { reads: 0, activity: 0, reached: 0 };
  const now = () => timeAt(far.minutes);
  const ports = {
    store,
    clock: { now },
    log: quiet,
    readings: {
      async coverage() {
        calls.reads++;
        if (far.error) throw far.error;
        return { ...readAt(far.minutes, far.about, far.unread), began: now(), estate: [] };
      },
    },
    azure: {
      clusterData: async () => {
        if (far.data === undefined) throw refusal(403);
        const others =
          far.others === undefined ? [] : [[clusterIn("s1", "aks-2").id.toLowerCase(), far.others] as const];
        return new Map([[clusterIn("s1", "aks-1").id.toLowerCase(), far.data], ...others]);
      },
      async activity({ resource }: { resource: string }) {
        calls.activity++;
        if (far.caller instanceof Error) throw far.caller;
        const operation = "Microsoft.Security/pricings/write";
        const entry = { at: timeAt(far.minutes - 5), operation, resource, failed: false };
        return far.caller ? [{ ...entry, caller: far.caller }] : [];
      },
    },
    clusters: {
      async reach() {
        calls.reached++;
        if (!far.nodes) throw refusal(403, "kubernetes");
        return { nodes: async () => far.nodes, defenderPods: async () => ({ workloadsSince: far.since }) };
      },
    },
    publish: publishing({ notifiers, store, clock: { now } }),
  } as unknown as Ports;
  return { store, calls, run: () => watchCoverage.run({}, ports, { id: "watch", attempt: 1 }) };
}

/** What the channel's outbox has, one line for each notification. */
async function outbox(prefix: string, channel = "C1"): Promise<string[]> {
  const { store } = process(redis, prefix, { minutes: 0 });
  return (await waitingEvents(redis, prefix, store, channel)).map(({ notifier, event }) =>
    notifier === "coverage-baseline" ? "baseline" : line(event as Incident),
  );
}

const planOff = { subscriptions: [subscriptionOf("s1", planWith("off"))] };

describe("the watch", () => {
  it("takes a baseline, posts each change once, and its end under the same key", async () => {
    const prefix = server.prefix();
    const hours: [Far, string[]][] = [
      [{ minutes: 0 }, ["baseline"]],
      [{ minutes: 60 }, ["baseline"]],
      [{ minutes: 120, about: planOff }, ["baseline", "plan-off: Subscription s1"]],
      [{ minutes: 180, about: planOff }, ["baseline", "plan-off: Subscription s1"]],
      [{ minutes: 240 }, ["baseline", "plan-off: Subscription s1 recovered (over)"]],
      [{ minutes: 300 }, ["baseline", "plan-off: Subscription s1 recovered (over)"]],
    ];
    for (const [far, wanted] of hours) {
      expect(await process(redis, prefix, far).run()).toMatchObject({ kind: "done" });
      expect(await outbox(prefix)).toEqual(wanted);
    }
    const { state } = await process(redis, prefix, { minutes: 0 }).store.coverage.load();
    expect(state).toMatchObject({ incidents: {}, pending: [], at: timeAt(300) });
  });

  it("reads once a day where no channel is subscribed, for the history, and forgets days past their retention", async () => {
    const prefix = server.prefix();
    const reads: number[] = [];
    const day = 24 * 60;
    for (const minutes of [0, 60, day, day + 60, 60 * day]) {
      const idle = process(redis, prefix, { minutes, about: minutes > 60 ? planOff : {} }, []);
      await idle.run();
      reads.push(idle.calls.reads);
      if (minutes === day + 60)
        expect(await idle.store.coverage.days()).toEqual([
          { day: "2026-11-23", clusters: { covered: 1, "not-covered": 0, unknown: 0 }, unread: 0 },
          { day: "2026-11-24", clusters: { covered: 0, "not-covered": 1, unknown: 0 }, unread: 0 },
        ]);
    }
    expect(reads).toEqual([1, 0, 1, 0, 1]);
    const { store } = process(redis, prefix, { minutes: 0 });
    expect((await store.coverage.days()).map(({ day }) => day)).toEqual(["2027-01-22"]);
    expect((await store.coverage.load()).state).toBeUndefined();
  });

  it("keeps the last figures of a day, leaves a newer version's alone, and counts what can't be read", async () => {
    const prefix = server.prefix();
    const { store } = process(redis, prefix, { minutes: 0 });
    await redis.hset(`${prefix}:coverage:days`, "2026-11-22", '{"v":2,"other":1}', "2026-11-21", "broken");
    await process(redis, prefix, { minutes: 0 }).run();
    await process(redis, prefix, { minutes: 60, about: planOff, unread: [unreadOf("s9")] }).run();
    expect(await store.coverage.days()).toEqual([
      { day: "2026-11-23", clusters: { covered: 0, "not-covered": 1, unknown: 0 }, unread: 1 },
    ]);
    await store.coverage.noteDay({ ...(await store.coverage.days())[0]!, day: "2026-11-22" });
    expect(await redis.hget(`${prefix}:coverage:days`, "2026-11-22")).toBe('{"v":2,"other":1}');
  });

  it("leaves the state alone while Azure fails", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { minutes: 0 }).run();
    const failing = process(redis, prefix, { minutes: 60, error: refusal(503) });
    expect(await failing.run()).toMatchObject({ kind: "done", note: "coverage could not be read" });
    await process(redis, prefix, { minutes: 120, about: planOff, unread: [unreadOf("s9")] }).run();
    expect(await outbox(prefix)).toEqual(["baseline", "plan-off: Subscription s1"]);
  });

  it("posts to whoever watches a cluster of the subscription, and nowhere else", async () => {
    const prefix = server.prefix();
    const channels = [
      subscribed("C1", { scopes: [{ kind: "cluster", pattern: "aks-1" }] }),
      subscribed("C2", { scopes: [{ kind: "cluster", pattern: "aks-9" }] }),
    ];
    await process(redis, prefix, { minutes: 0 }, channels).run();
    await process(redis, prefix, { minutes: 60, about: planOff }, channels).run();
    expect(await outbox(prefix, "C1")).toContain("plan-off: Subscription s1");
    expect(await outbox(prefix, "C2")).toEqual(["baseline"]);
    // The recovery says nothing to a channel that never heard of the loss.
    await process(redis, prefix, { minutes: 120 }, [...channels, subscribed("C3")]).run();
    expect(await outbox(prefix, "C3")).toEqual([]);
  });

  it.each<[string, Far["caller"], object]>([
    ["names who did it", "alice@contoso.com", { authors: [{ caller: "alice@contoso.com" }] }],
    ["says that it may not read the log", refusal(403), { authors: [], unknown: { why: "denied" } }],
    ["says that the log has nothing", undefined, { authors: [], unknown: { why: "absent" } }],
    ["says how the log failed", refusal(500), { unknown: { why: "failed", detail: "answered 500" } }],
  ])("%s", async (_, caller, by) => {
    const prefix = server.prefix();
    await process(redis, prefix, { minutes: 0 }).run();
    await process(redis, prefix, { minutes: 60, about: planOff, caller }).run();
    const { store } = process(redis, prefix, { minutes: 0 });
    const id = eventId("coverage", `plan-off|${timeAt(60)}`);
    expect((await store.outbox.events([id])).get(id)?.event).toMatchObject({ by });
  });

  it("looks again after fifteen minutes where a sensor is lost, and does not ask clusters that refuse", async () => {
    const prefix = server.prefix();
    const lost = nodesOf({ n1: "absent" });
    await process(redis, prefix, { minutes: 0, nodes: nodesOf({ n1: "ready" }) }).run();
    expect(await process(redis, prefix, { minutes: 60, nodes: lost }).run()).toEqual({
      kind: "again",
      seconds: 900,
    });
    await process(redis, prefix, { minutes: 75, nodes: lost }).run();
    expect(await outbox(prefix)).toEqual(["baseline", "sensor-lost: aks-1 apps"]);
    const refused = process(redis, prefix, { minutes: 120 });
    await refused.run();
    const later = process(redis, prefix, { minutes: 180 });
    await later.run();
    expect([refused.calls.reached, later.calls.reached]).toEqual([1, 0]);
  });

  it("reports a cluster of which Defender shows nothing for over a day; what can't be read is no loss", async () => {
    const prefix = server.prefix();
    const nodes = nodesOf({ n1: "ready" });
    const looks: [minutes: number, data: number | undefined][] = [
      [0, 5],
      [60, 0],
      [120, undefined],
      [1560, undefined],
      [1620, 0],
      [1680, 0],
    ];
    for (const [minutes, data] of looks) await process(redis, prefix, { minutes, nodes, data }).run();
    expect(await outbox(prefix)).toEqual(["baseline", "blind: aks-1"]);
    await process(redis, prefix, { minutes: 1740, nodes, data: 5 }).run();
    expect(await outbox(prefix)).toEqual(["baseline", "blind: aks-1 recovered (over)"]);
  });

  it("needs a second look, and no day, where the workloads there are old enough to have been assessed", async () => {
    const nodes = nodesOf({ n1: "ready" });
    const day = -26 * 60;
    const posted = async (since: string | undefined, others = 1) => {
      const prefix = server.prefix();
      for (const [minutes, data] of [
        [0, 5],
        [60, 0],
        [120, 0],
      ] as const)
        await process(redis, prefix, { minutes, nodes, data, others, since }).run();
      return outbox(prefix);
    };
    expect(await posted(timeAt(60 + day))).toEqual(["baseline", "blind: aks-1"]);
    for (const young of [timeAt(121 + day), "yesterday", undefined])
      expect(await posted(young)).toEqual(["baseline"]);
    // Nothing is shown of any cluster: the reading may be at fault.
    expect(await posted(timeAt(60 + day), 0)).toEqual(["baseline"]);
  });

  it("is one notification for 300 clusters", async () => {
    const prefix = server.prefix();
    const estate = (policyAddon: "on" | "off") => ({
      clusters: Array.from({ length: 300 }, (_, index) =>
        clusterIn("s1", `aks-${index}`, { policyAddon: known(policyAddon) }),
      ),
    });
    await process(redis, prefix, { minutes: 0, about: estate("on") }).run();
    await process(redis, prefix, { minutes: 60, about: estate("off") }).run();
    expect(await outbox(prefix)).toHaveLength(2);
  });
});

describe("what is stored", () => {
  it("leaves out what cannot be read: that subscription has a new baseline, and nothing in it is new", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { minutes: 0 }).run();
    await redis.hset(`${prefix}:coverage`, "sub:s1", '{"v":1,"things":[]}');
    await process(redis, prefix, { minutes: 60, about: planOff }).run();
    expect(await outbox(prefix)).toEqual(["baseline"]);
    await process(redis, prefix, { minutes: 120 }).run();
    await process(redis, prefix, { minutes: 180, about: planOff }).run();
    expect(await outbox(prefix)).toEqual(["baseline", "plan-off: Subscription s1"]);
  });

  it("of a newer version stays as it is", async () => {
    const prefix = server.prefix();
    await redis.hset(`${prefix}:coverage`, "head", '{"v":2,"other":1}');
    await process(redis, prefix, { minutes: 60, about: planOff }).run();
    expect(await redis.hgetall(`${prefix}:coverage`)).toEqual({ head: '{"v":2,"other":1}' });
    expect(await outbox(prefix)).toEqual([]);
  });

  it("is not written over what another process wrote meanwhile", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { minutes: 0 }).run();
    const { coverage } = process(redis, prefix, { minutes: 0 }).store;
    const mine = await coverage.load();
    const theirs = await coverage.load();
    expect(await coverage.save(theirs, { ...theirs.state!, revision: 100 })).toBeDefined();
    expect(await coverage.save(mine, { ...mine.state!, revision: 200 })).toBeUndefined();
    expect((await coverage.load()).state?.revision).toBe(100);
  });
});

describe("a process that is killed", () => {
  it("at any command, leaves the next one to post exactly what an uninterrupted run posts", async () => {
    const wanted = [
      ["baseline", "plan-off: Subscription s1"],
      ["baseline", "plan-off: Subscription s1 recovered (over)"],
    ];
    const hours: Far[] = [{ minutes: 60, about: planOff }, { minutes: 120 }];
    for (const [hour, far] of hours.entries()) {
      for (let commands = 0, killed = true; killed; commands++) {
        expect(commands).toBeLessThan(80);
        const prefix = server.prefix();
        for (const before of [{ minutes: 0 }, ...hours.slice(0, hour)])
          await process(redis, prefix, before).run();
        killed = await process(endsAfter(redis, commands), prefix, far)
          .run()
          .then(
            () => false,
            () => true,
          );
        await process(redis, prefix, { ...far, minutes: far.minutes + 1 }).run();
        expect(await outbox(prefix)).toEqual(wanted[hour]);
      }
    }
  });
});
