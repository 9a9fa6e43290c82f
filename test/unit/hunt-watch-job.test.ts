import { beforeAll, describe, expect, it } from "vitest";
import { loadHunts } from "../../src/azure/hunts/load.ts";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import {
  aboutHunt,
  firstRows,
  type HuntEvent,
  type HuntWatch,
  huntWatchId,
} from "../../src/domain/hunts/hunt-watch.ts";
import type { HuntAnswer, HuntRow } from "../../src/domain/hunts/hunts.ts";
import { UpstreamError } from "../../src/errors.ts";
import watchHunts from "../../src/jobs/watch-hunts.ts";
import huntNotifier from "../../src/notifiers/hunt/index.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import { timeAt } from "../coverage-readings.ts";
import { publishing, waitingEvents } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const { hunts } = await loadHunts(undefined);
const hunt = hunts.find(({ name }) => name === "local-accounts")!;
const answerOf = (minutes: number, names: string[]): HuntAnswer => ({
  value: names.map((name): HuntRow => {
    const id = `/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
    return { id, resource: id, place: { subscription: { id: "s1", name: "One" }, cluster: name }, cells: {} };
  }),
  ...{ asOf: timeAt(minutes), subscriptions: 1, unread: [], columns: [], listed: ["s1"], missing: 0 },
});
const watchIn = (channel: string): HuntWatch => {
  const asked = { channel, hunt: hunt.name };
  const about = { id: huntWatchId(asked), revision: 1, by: "U1", at: timeAt(0), about: aboutHunt(hunt) };
  return { ...asked, ...about, ...firstRows(answerOf(0, ["a"])) };
};

type Far = { minutes: number; names?: string[]; error?: Error; gone?: true };

/** One process with a real store and outbox; the hunt's answer is a record. */
function process(connection: RedisConnection, prefix: string, { minutes, names = ["a"], error, gone }: Far) {
  const store = openStore(connection, prefix, []);
  const now = () => timeAt(minutes);
  const calls = { hunts: 0 };
  const ports = {
    ...{ store, clock: { now }, log: quiet },
    azure: {
      hunts: async () => ({ hunts: gone ? [] : hunts, problems: [] }),
      async hunt() {
        calls.hunts++;
        if (error) throw error;
        return answerOf(minutes, names);
      },
    },
    publish: publishing({
      notifiers: new Map([["hunt", huntNotifier as NotifierDefinition]]),
      store,
      clock: { now },
    }),
  } as unknown as Ports;
  return { store, calls, run: () => watchHunts.run({}, ports, { id: "watch", attempt: 1 }) };
}

async function outbox(prefix: string, channel = "C1"): Promise<string[]> {
  const { store } = process(redis, prefix, { minutes: 0 });
  return (await waitingEvents(redis, prefix, store, channel)).map(({ event }) => {
    const { news } = event as HuntEvent;
    return news.kind === "rows" ? `+${news.counts.appeared} -${news.counts.gone}` : news.kind;
  });
}

async function watched(...channels: string[]): Promise<string> {
  const prefix = server.prefix();
  const { store } = process(redis, prefix, { minutes: 0 });
  for (const channel of channels) await store.hunts.put(watchIn(channel));
  return prefix;
}

describe("the watch of hunts", () => {
  it("reads a hunt once for every channel that watches it, and tells each", async () => {
    const prefix = await watched("C1", "C2");
    const one = process(redis, prefix, { minutes: 15, names: ["a", "b"] });
    await one.run();
    expect(one.calls.hunts).toBe(1);
    await process(redis, prefix, { minutes: 30, names: ["a", "b"] }).run();
    expect([await outbox(prefix, "C1"), await outbox(prefix, "C2")]).toEqual([["+1 -0"], ["+1 -0"]]);
  });

  it("tells a hunt that is rejected, or whose file is gone, once, and its end", async () => {
    const prefix = await watched("C1");
    const error = new UpstreamError("no column x", {
      system: "azure",
      status: 400,
      code: "BadRequest",
      retryable: false,
    });
    for (const minutes of [15, 30]) await process(redis, prefix, { minutes, error }).run();
    await process(redis, prefix, { minutes: 45 }).run();
    await process(redis, prefix, { minutes: 60, gone: true }).run();
    expect(await outbox(prefix)).toEqual(["trouble", "resolved", "trouble"]);
  });

  it("brings back no watch that someone ended meanwhile, and none that can't be read stops the others", async () => {
    const prefix = await watched("C1", "C2");
    const { store } = process(redis, prefix, { minutes: 0 });
    await redis.hset(`${prefix}:hunts`, "h-damaged", '{"v":1,"watch":{}}');
    await store.hunts.remove([watchIn("C1").id]);
    await process(redis, prefix, { minutes: 15, names: [] }).run();
    await process(redis, prefix, { minutes: 30, names: [] }).run();
    expect([await outbox(prefix, "C1"), await outbox(prefix, "C2")]).toEqual([[], ["+0 -1"]]);
    expect((await store.hunts.list()).map(({ channel }) => channel)).toEqual(["C2"]);
  });

  it("killed at any command, leaves the next run to post exactly what an uninterrupted one posts", async () => {
    for (let commands = 0, killed = true; killed; commands++) {
      expect(commands).toBeLessThan(80);
      const prefix = await watched("C1");
      killed = await process(endsAfter(redis, commands), prefix, { minutes: 15, names: ["a", "b"] })
        .run()
        .then(
          () => false,
          () => true,
        );
      await process(redis, prefix, { minutes: 16, names: ["a", "b"] }).run();
      expect(await outbox(prefix)).toEqual(["+1 -0"]);
    }
  });
});
