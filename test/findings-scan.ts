import type { Outcome } from "../src/definitions/job.ts";
import type { NotifierDefinition } from "../src/definitions/notifier.ts";
import type { Ports } from "../src/definitions/ports.ts";
import type { RescanDigest } from "../src/domain/findings/digest/delta.ts";
import type { FindingPage, FindingsRead, RegistryRead } from "../src/domain/findings/model/finding.ts";
import type { ChannelSubscription } from "../src/domain/subscription.ts";
import rescan from "../src/jobs/rescan/index.ts";
import watchPushes from "../src/jobs/watch-pushes.ts";
import pushedNotifier from "../src/notifiers/pushed.ts";
import rescanNotifier from "../src/notifiers/rescan/index.ts";
import type { FindingsAzure } from "../src/ports/azure.ts";
import { eventId } from "../src/publish/publish.ts";
import type { RedisConnection } from "../src/redis/connection.ts";
import { openStore } from "../src/store/store.ts";
import { slotOf } from "./findings-estate.ts";
import { publishing } from "./publishing.ts";
import { quiet } from "./quiet.ts";

const notifiers = new Map([
  ["rescan", rescanNotifier as NotifierDefinition],
  ["pushed", pushedNotifier as NotifierDefinition],
]);

/** What Azure would answer to a scan; a test may replace any of it. */
export type Far = {
  pages: FindingPage[];
  read: Partial<FindingsRead>;
  registries: Map<string, RegistryRead>;
  error?: Error;
  /** How often findings were read. */
  reads: number;
};

export function far(): Far {
  return { pages: [], read: {}, registries: new Map(), reads: 0 };
}

export function subscribed(channel: string, more: Partial<ChannelSubscription> = {}): ChannelSubscription {
  return { channel, topic: "rescan", scopes: [], origin: "file", ...more };
}

/** The jobs of one process, with a real store and outbox; Azure is a record. `events`: what a channel's outbox has. */
export function scanner(
  redis: RedisConnection,
  prefix: string,
  azure: Far,
  subscriptions: ChannelSubscription[],
  now: () => string = () => slotOf(1),
) {
  const store = openStore(redis, prefix, subscriptions);
  const read = async (take: (page: FindingPage) => void): Promise<FindingsRead> => {
    azure.reads++;
    if (azure.error) throw azure.error;
    for (const page of azure.pages) take(page);
    const rows = azure.pages.reduce((sum, { pairs }) => sum + pairs.length / 2, 0);
    return {
      asOf: now(),
      subscriptions: 1,
      unread: [],
      models: [{ model: "individual", rows }],
      ...azure.read,
    };
  };
  const findings: FindingsAzure = {
    findings: read,
    freshFindings: read,
    registryImages: async () => azure.registries,
  };
  const metrics = { count() {}, gauge() {}, observe() {} };
  const reported: string[] = [];
  const publish = publishing({ notifiers, store, clock: { now } });
  const ports = {
    azure: findings,
    store,
    publish,
    metrics,
    clock: { now },
    log: quiet,
    trouble: {
      tell: async ({ what }: { what: string }) => void reported.push(what),
      resolved: async () => {},
    },
  } as unknown as Ports;
  return {
    store,
    reported,
    run: (day: number): Promise<Outcome> =>
      rescan.run({}, ports, { id: `rescan-${day}`, attempt: 1, slot: slotOf(day) }),
    watch: (): Promise<Outcome> => watchPushes.run({}, ports, { id: "watch", attempt: 1 }),
    async digest(day: number, filter = ""): Promise<RescanDigest | undefined> {
      const id = eventId("rescan", `${slotOf(day)}|${filter}`);
      return (await store.outbox.events([id])).get(id)?.event as RescanDigest | undefined;
    },
    /** Ids of all rows that wait in a channel's outbox. */
    async rows(channel: string): Promise<string[]> {
      return redis.zrange(`${prefix}:outbox:${channel}:waiting`, "0", "-1");
    },
    async language(channel: string): Promise<string | null> {
      return redis.hget(`${prefix}:outbox:${channel}:about`, "language");
    },
  };
}
