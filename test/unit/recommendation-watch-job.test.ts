import { beforeAll, describe, expect, it } from "vitest";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import type { RecommendationsDigest } from "../../src/domain/recommendations/watch/digest.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import watchRecommendations from "../../src/jobs/watch-recommendations.ts";
import recommendationsNotifier from "../../src/notifiers/recommendations/index.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import { timeAt } from "../coverage-readings.ts";
import { publishing, waitingEvents } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { assessed, readingAt } from "../recommendation-readings.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const subscribed = (channel: string, more: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  ...{ channel, topic: "recommendations", scopes: [], origin: "file" },
  ...more,
});
const open = assessed("Restrict the API server", "aks-1");
const fixed: Assessment = { ...open, status: "healthy" };

/** What Azure would answer on a day; `read`: the hour of the reading, where it is an older one. */
type Day = { day: number; assessments?: Assessment[]; error?: Error; read?: number };

/** One process with a real store and outbox; the reading of recommendations is a record. */
function process(connection: RedisConnection, prefix: string, about: Day, channels = [subscribed("C1")]) {
  const { day, assessments = [open], error, read = day * 24 } = about;
  const store = openStore(connection, prefix, channels);
  const now = () => timeAt(day * 24 * 60 + 1);
  const calls = { reads: 0 };
  const ports = {
    ...{ store, clock: { now }, log: quiet },
    readings: {
      async recommendations() {
        calls.reads++;
        if (error) throw error;
        return { ...readingAt(read, assessments), began: now() };
      },
    },
    publish: publishing({
      notifiers: new Map([["recommendations", recommendationsNotifier as NotifierDefinition]]),
      store,
      clock: { now },
    }),
  } as unknown as Ports;
  const slot = timeAt(day * 24 * 60);
  return { store, calls, run: () => watchRecommendations.run({}, ports, { id: "watch", attempt: 1, slot }) };
}

/** What the channel's outbox has, one line for each digest. */
async function outbox(prefix: string, channel = "C1"): Promise<string[]> {
  const { store } = process(redis, prefix, { day: 0 });
  return (await waitingEvents(redis, prefix, store, channel)).map(({ event }) => {
    const { since, changes } = event as RecommendationsDigest;
    return `${since ? "" : "baseline "}${changes.map(({ kind, title }) => `${kind}: ${title}`)}`;
  });
}

const days: Day[] = [
  { day: 0 },
  { day: 1 },
  { day: 2, assessments: [fixed] },
  { day: 3, assessments: [open] },
];
const digests = ["baseline ", "", `fixed: ${open.title}`, `new: ${open.title}`];

describe("the watch of recommendations", () => {
  it("posts a baseline, then one digest for each slot, and the same slot never twice", async () => {
    const prefix = server.prefix();
    for (const [index, day] of days.entries()) {
      expect(await process(redis, prefix, day).run()).toMatchObject({ kind: "done" });
      await process(redis, prefix, day).run();
      expect(await outbox(prefix)).toEqual(digests.slice(0, index + 1));
    }
  });

  it("reads nothing where no channel is subscribed, and begins anew when one is again", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { day: 0 }).run();
    const idle = process(redis, prefix, { day: 1 }, []);
    await idle.run();
    expect([idle.calls.reads, await redis.hkeys(`${prefix}:recommendations`)]).toEqual([0, ["mark"]]);
    await process(redis, prefix, { day: 2, assessments: [fixed] }).run();
    expect(await outbox(prefix)).toEqual(["baseline ", "baseline "]);
  });

  it("waits for Azure, gives the slot up after twelve hours, and waits for a reading that is new", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { day: 0 }).run();
    const error = new UpstreamError("503", { system: "azure", status: 503, code: "Down", retryable: true });
    expect(await process(redis, prefix, { day: 1, error }).run()).toEqual({ kind: "again", seconds: 300 });
    const old = process(redis, prefix, { day: 1, read: 0 });
    expect(await old.run()).toEqual({ kind: "again", seconds: 15 });
    expect(await outbox(prefix)).toEqual(["baseline "]);
  });

  it("tells each channel what its filters let through", async () => {
    const prefix = server.prefix();
    const channels = [
      subscribed("C1", { severity: "high" }),
      subscribed("C2", { scopes: [{ kind: "cluster", pattern: "aks-*" }] }),
    ];
    await process(redis, prefix, { day: 0 }, channels).run();
    await process(redis, prefix, { day: 1, assessments: [fixed] }, channels).run();
    expect(await outbox(prefix, "C1")).toEqual(["baseline ", ""]);
    expect(await outbox(prefix, "C2")).toEqual(["baseline ", `fixed: ${open.title}`]);
  });

  it("leaves a newer version's state alone, and takes what is damaged for a new baseline", async () => {
    const prefix = server.prefix();
    await redis.hset(`${prefix}:recommendations`, "head", '{"v":2,"other":1}');
    await process(redis, prefix, { day: 0 }).run();
    expect(await redis.hgetall(`${prefix}:recommendations`)).toEqual({ head: '{"v":2,"other":1}' });
    const damaged = server.prefix();
    await process(redis, damaged, { day: 0, assessments: [fixed] }).run();
    await redis.hset(`${damaged}:recommendations`, "sub:s1", '{"v":1,"rows":[]}');
    await process(redis, damaged, { day: 1 }).run();
    expect(await outbox(damaged)).toEqual(["baseline ", ""]);
  });

  it("killed at any command, leaves the next run to post exactly what an uninterrupted one posts", async () => {
    for (const last of [0, 2]) {
      for (let commands = 0, killed = true; killed; commands++) {
        expect(commands).toBeLessThan(80);
        const prefix = server.prefix();
        for (const day of days.slice(0, last)) await process(redis, prefix, day).run();
        killed = await process(endsAfter(redis, commands), prefix, days[last]!)
          .run()
          .then(
            () => false,
            () => true,
          );
        await process(redis, prefix, days[last]!).run();
        expect(await outbox(prefix)).toEqual(digests.slice(0, last + 1));
      }
    }
  });
});
