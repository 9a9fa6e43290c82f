import { beforeAll, describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import type { ControlState } from "../../src/domain/compliance/compliance.ts";
import type { ComplianceDigest } from "../../src/domain/compliance/watch/digest.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import watchCompliance from "../../src/jobs/watch-compliance/index.ts";
import complianceNotifier from "../../src/notifiers/compliance/index.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import { textOf } from "../dispatch-parts.ts";
import { publishing, waitingEvents } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const notifiers = new Map([["compliance", complianceNotifier as NotifierDefinition]]);
const subscribed = (channel: string, more: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  channel,
  topic: "compliance",
  scopes: [],
  origin: "file",
  ...more,
});

/** What Azure would answer on a day of November 2026; the 23rd is a Monday. */
type Far = {
  day: number;
  states?: Record<string, ControlState>;
  other?: ControlState;
  unread?: Unread[];
  error?: Error;
};
const cis = "CIS Azure Kubernetes Service (AKS) Benchmark";
const fine = { "4.2.1": "passed", "4.2.5": "failed" } as const;
const worse = { "4.2.1": "failed", "4.2.5": "failed" } as const;

/** One process with a real store and outbox; compliance is a record. */
function process(connection: RedisConnection, prefix: string, far: Far, channels = [subscribed("C1")]) {
  const store = openStore(connection, prefix, channels);
  const slot = `2026-11-${far.day}T08:30:00.000Z`;
  const standard = (id: string, states: Record<string, ControlState>) => ({
    key: cis.toLowerCase(),
    name: cis,
    subscription: { id, name: `Sub ${id}` },
    controls: Object.entries(states).map(([control, state]) => ({
      ...{ id: control, state },
      ...{ failed: 1, passed: 1, skipped: 0 },
    })),
    missing: 0,
  });
  const ports = {
    store,
    clock: { now: () => slot },
    log: quiet,
    azure: {},
    readings: {
      targets: async () => ({
        value: {
          clusters: [{ subscription: { id: "s2", name: "Sub s2" }, cluster: "aks-2" }],
          registries: [],
        },
        unread: [],
      }),
      async compliance() {
        if (far.error) throw far.error;
        const standards = [
          standard("s1", far.states ?? fine),
          standard("s2", { "4.2.1": far.other ?? "passed" }),
        ];
        const titles = [{ key: cis.toLowerCase(), titles: { "4.2.1": "No privileged containers" } }];
        const unread = far.unread ?? [];
        return {
          value: {
            standards: standards.filter(
              ({ subscription }) => !unread.some(({ id }) => id === subscription.id),
            ),
            titles,
          },
          asOf: slot,
          began: slot,
          subscriptions: 2,
          unread,
          estate: ["s1", "s2"].map((id) => ({ id, name: `Sub ${id}` })),
        };
      },
    },
    publish: publishing({ notifiers, store, clock: { now: () => slot } }),
  } as unknown as Ports;
  return { store, run: () => watchCompliance.run({}, ports, { id: "watch", attempt: 1, slot }) };
}

async function digests(prefix: string, channel = "C1"): Promise<ComplianceDigest[]> {
  const { store } = process(redis, prefix, { day: 17 });
  return (await waitingEvents(redis, prefix, store, channel)).map(({ event }) => event as ComplianceDigest);
}

/** One line for each notification of a channel, as its reader sees the first line; refused by no Slack. */
async function outbox(prefix: string, channel = "C1"): Promise<string[]> {
  return (await digests(prefix, channel)).map((digest) => {
    const lines = (["ja", "en"] as const).map((language) => {
      const message = complianceNotifier.render(digest, { language, now: digest.slot, posted: digest.slot });
      expect(refuseBlocks(compile(message, { language }).head.blocks ?? [])).toBeUndefined();
      return textOf(message.headline).replace(/ since .*/, "");
    });
    return lines[1]!;
  });
}

const baseline = "Watching compliance from now on: 1 of 2 assessed controls failed";

describe("the watch", () => {
  it("takes a baseline, posts what changed once, and sums up the week", async () => {
    const prefix = server.prefix();
    const days: [Far, string[]][] = [
      [{ day: 18 }, [baseline]],
      [{ day: 19 }, [baseline]],
      [{ day: 20, states: worse }, [baseline, "1 control fails now"]],
      [{ day: 20, states: worse }, [baseline, "1 control fails now"]],
      [{ day: 21, states: worse, other: "failed" }, [baseline, "1 control fails now", "1 control fails now"]],
    ];
    for (const [far, wanted] of days) {
      expect(await process(redis, prefix, far).run()).toMatchObject({ kind: "done" });
      expect(await outbox(prefix)).toEqual(wanted);
    }
    await process(redis, prefix, { day: 23, states: worse, other: "failed" }).run();
    // The watch is younger than a week.
    expect((await outbox(prefix)).at(-1)).toBe("Compliance this week: 2 of 2 assessed controls failed");
    await process(redis, prefix, { day: 30, states: worse, other: "failed" }).run();
    expect((await outbox(prefix)).at(-1)).toBe(
      "Compliance this week: 2 of 2 assessed controls failed, as many as a week ago",
    );
    const { store } = process(redis, prefix, { day: 30 });
    expect((await store.compliance.days()).map(({ standards }) => standards[0]?.counts.failed)).toEqual([
      1, 1, 2, 2, 2, 2,
    ]);
  });

  it("takes what couldn't be read for unchanged, and waits for Azure while it doesn't answer", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { day: 18 }).run();
    const unread: Unread[] = [{ id: "s1", name: "Sub s1", why: "denied", detail: "403" }];
    await process(redis, prefix, { day: 19, unread }).run();
    expect(await outbox(prefix)).toEqual([baseline]);
    const error = new UpstreamError("answered 503", {
      system: "azure",
      status: 503,
      code: "x",
      retryable: true,
    });
    const failing = await process(redis, prefix, { day: 20, error }).run();
    expect(failing).toEqual({ kind: "again", seconds: 300 });
    await process(redis, prefix, { day: 20, states: worse }).run();
    expect(await outbox(prefix)).toEqual([baseline, "1 control fails now"]);
  });

  it("tells each channel of its own subscriptions, a cluster's being that which has it", async () => {
    const prefix = server.prefix();
    const channels = [
      subscribed("C1", { scopes: [{ kind: "sub", pattern: "Sub s1" }] }),
      subscribed("C2", { scopes: [{ kind: "cluster", pattern: "aks-2" }], severity: "high" }),
    ];
    await process(redis, prefix, { day: 18 }, channels).run();
    await process(redis, prefix, { day: 19, states: worse }, channels).run();
    expect(await outbox(prefix, "C1")).toEqual([baseline, "1 control fails now"]);
    expect(await outbox(prefix, "C2")).toEqual([
      "Watching compliance from now on: 0 of 1 assessed controls failed",
    ]);
    // A channel that comes later gets the figures first.
    await process(redis, prefix, { day: 20, states: worse }, [...channels, subscribed("C3")]).run();
    expect(await outbox(prefix, "C3")).toEqual([
      "Watching compliance from now on: 2 of 2 assessed controls failed",
    ]);
  });
});

describe("what is stored", () => {
  it("leaves out what can't be read, and leaves alone what a newer version wrote", async () => {
    const prefix = server.prefix();
    await process(redis, prefix, { day: 18 }).run();
    await redis.hset(`${prefix}:compliance`, "sub:s1", '{"v":1,"standards":[]}');
    await process(redis, prefix, { day: 19, states: worse }).run();
    expect(await outbox(prefix)).toEqual([baseline]);
    await redis.hset(`${prefix}:compliance`, "head", '{"v":2,"other":1}');
    expect(await process(redis, prefix, { day: 20 }).run()).toMatchObject({ kind: "done" });
    expect(await redis.hget(`${prefix}:compliance`, "head")).toBe('{"v":2,"other":1}');
  });
});

describe("a process that is killed", () => {
  it("at any command, leaves the next one to post exactly what an uninterrupted run posts", async () => {
    for (let commands = 0, killed = true; killed; commands++) {
      expect(commands).toBeLessThan(80);
      const prefix = server.prefix();
      await process(redis, prefix, { day: 18 }).run();
      killed = await process(endsAfter(redis, commands), prefix, { day: 19, states: worse })
        .run()
        .then(
          () => false,
          () => true,
        );
      await process(redis, prefix, { day: 19, states: worse }).run();
      await process(redis, prefix, { day: 20, states: worse }).run();
      expect(await outbox(prefix)).toEqual([baseline, "1 control fails now"]);
      expect((await digests(prefix))[1]).toMatchObject({ kind: "changes", failing: 1, passing: 0 });
    }
  });
});
