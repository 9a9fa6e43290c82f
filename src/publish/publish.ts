import { createHash } from "node:crypto";
import type { NotifierDefinition } from "../definitions/notifier.ts";
import type { Ports } from "../definitions/ports.ts";
import { type Routable, type Routed, route } from "../domain/routing.ts";
import type { ChannelSubscription } from "../domain/subscription.ts";
import type { Topic } from "../domain/topics.ts";
import type { OutboxRecord, StoredEvent } from "../ports/outbox.ts";
import type { Clock, Metrics, Queue } from "../ports/process.ts";
import type { Publish, Published } from "../ports/slack.ts";

/** More conflicts in a row than processes can make at the same moment. */
const mostTries = 20;

type Item = { stored: StoredEvent; routable: Routable; channel?: string };

/** The job that empties a channel's outbox. */
export const pumpJob = "deliver";

/**
 * The one way out: events of a notifier are stored, routed to the channels that want them, and recorded in their
 * outboxes, each once for its key and channel; only then a pump is asked for. Repeating a call changes nothing.
 */
export function publisher(ports: {
  notifiers: ReadonlyMap<string, NotifierDefinition>;
  store: Pick<Ports["store"], "channels" | "outbox" | "subscriptions" | "mutes">;
  queue: Queue;
  clock: Clock;
  metrics: Metrics;
  admin: () => Promise<readonly string[]>;
}): Publish {
  const { notifiers, store, queue, clock, metrics } = ports;
  return async (name, events, options = {}) => {
    const notifier = notifiers.get(name);
    if (!notifier) throw new Error(`There is no notifier "${name}" in src/notifiers/.`);
    if (notifier.changed && options.revision === undefined)
      throw new Error(
        `Notifications of "${name}" are updated in place: a revision has to say which is the later.`,
      );
    const total: Published = { recorded: 0, updated: 0, muted: 0 };
    let items = events.map((event) => itemOf(name, notifier, event, options.revision));
    for (let tries = 0; items.length > 0; tries++) {
      if (tries === mostTries) throw new Error(`Others published "${name}" ${mostTries} times meanwhile.`);
      const { conflicts, ...sum } = await publishOnce(notifier, items, options);
      total.recorded += sum.recorded;
      total.updated += sum.updated;
      total.muted = Math.max(total.muted, sum.muted);
      items = items.filter(({ stored }) => conflicts.includes(stored.id));
    }
    metrics.count("notifications_recorded_total", { notifier: name }, total.recorded);
    return total;
  };

  async function publishOnce(
    notifier: NotifierDefinition,
    items: Item[],
    options: NonNullable<Parameters<Publish>[2]>,
  ): Promise<Published & { conflicts: string[] }> {
    const before = await store.outbox.events(items.map(({ stored }) => stored.id));
    // What is older than what is there says nothing new; a channel that lacks it gets what is there.
    const newer = items.filter(({ stored }) => !isOlder(stored, before.get(stored.id)));
    const changed = new Map(
      newer.flatMap(({ stored }) => {
        const earlier = before.get(stored.id);
        return earlier && !sameEvent(earlier, stored)
          ? [[stored.id, JSON.stringify(earlier.event)] as const]
          : [];
      }),
    );
    const { deliveries, muted } = options.known
      ? nowhere()
      : await destinations(notifier, items, options.channels);
    const records = recordsOf(deliveries, changed, changed.size > 0 ? await store.outbox.channels() : []);
    const stale = newer
      .map(({ stored }) => stored)
      .filter((one) => {
        const earlier = before.get(one.id);
        return !earlier || changed.has(one.id) || (one.revision ?? 0) > (earlier.revision ?? 0);
      })
      .map((one) => ({ ...one, expected: before.get(one.id)?.revision }));
    const { sums, conflicts } = await store.outbox.record(stale, records, clock.now());
    for (const [mute, kept] of muted) await store.mutes.keepOut(mute, kept);
    const touched = [...sums].filter(([, { recorded, updated }]) => recorded + updated > 0);
    await Promise.all(touched.map(([channel]) => queue.enqueue(pumpJob, { channel })));
    const sumOf = (part: "recorded" | "updated") => touched.reduce((sum, [, one]) => sum + one[part], 0);
    return {
      recorded: sumOf("recorded"),
      updated: sumOf("updated"),
      muted: [...muted.values()].reduce((sum, kept) => sum + kept.size, 0),
      conflicts,
    };
  }

  async function destinations(
    notifier: NotifierDefinition,
    items: Item[],
    channels?: readonly string[],
  ): Promise<Routed> {
    const ids = items.map(({ stored }) => stored.id);
    const latest = await store.channels.latest();
    if (channels) return toEach(channels.map(latest), ids, notifier.topic, await store.subscriptions.list());
    if (notifier.topic === "admin") return toEach((await ports.admin()).map(latest), ids);
    if (notifier.topic === "direct") {
      const routed = nowhere();
      const subscriptions = await store.subscriptions.list();
      for (const { stored, channel: named } of items) {
        if (!named) continue;
        const channel = latest(named);
        // Of no topic of its own: in the language that the channel has asked for, whatever it subscribed.
        const language = subscriptions.find((one) => one.channel === channel && one.language)?.language;
        const ids = [...(routed.deliveries.get(channel)?.ids ?? []), stored.id];
        routed.deliveries.set(channel, { ids, language });
      }
      return routed;
    }
    const [subscriptions, mutes] = await Promise.all([
      store.subscriptions.list(),
      store.mutes.list(clock.now()),
    ]);
    return route(
      notifier.topic as Topic,
      items.map(({ routable }) => routable),
      subscriptions,
      mutes,
    );
  }
}

function nowhere(): Routed {
  return { deliveries: new Map(), muted: new Map() };
}

/** In the language that a channel's subscription of the topic asks for. */
function toEach(
  channels: readonly string[],
  ids: string[],
  topic?: NotifierDefinition["topic"],
  subscriptions: readonly ChannelSubscription[] = [],
): Routed {
  const languageOf = (channel: string) =>
    subscriptions.find((one) => one.channel === channel && one.topic === topic && one.language)?.language;
  const deliveries = channels.map((channel) => [channel, { ids, language: languageOf(channel) }] as const);
  return { deliveries: new Map(deliveries), muted: new Map() };
}

/**
 * The rows of each channel. An event that changed is put down in every channel: one that has it is brought up to date,
 * whatever its filters and mutes say now.
 */
function recordsOf(
  deliveries: Routed["deliveries"],
  changed: ReadonlyMap<string, string>,
  everywhere: readonly string[],
): OutboxRecord[] {
  return [...new Set([...deliveries.keys(), ...everywhere])].map((channel) => {
    const { ids = [], language } = deliveries.get(channel) ?? {};
    const wanted = new Set(ids);
    const others = [...changed.keys()].filter((id) => !wanted.has(id));
    return {
      channel,
      language,
      rows: [
        ...ids.map((id) => ({ id, before: changed.get(id) })),
        ...others.map((id) => ({ id, before: changed.get(id), known: true })),
      ],
    };
  });
}

/** The id of a notification: made of its notifier and key, so that the same one is never recorded twice. */
export function eventId(notifier: string, key: string): string {
  return createHash("sha256").update(`${notifier}|${key}`).digest("hex").slice(0, 24);
}

function itemOf(
  name: string,
  notifier: NotifierDefinition,
  input: unknown,
  revision: number | undefined,
): Item {
  const event = notifier.event.parse(input);
  const key = notifier.key(event);
  const below = notifier.below?.(event);
  const severity = notifier.filters.includes("severity") ? notifier.severity?.(event) : undefined;
  const stored: StoredEvent = {
    v: 1,
    ...(revision !== undefined && { revision }),
    id: eventId(name, key),
    notifier: name,
    key,
    at: notifier.at(event),
    severity: notifier.severity?.(event) ?? "informational",
    again: notifier.bundle?.again?.key(event),
    below: below && eventId(below.notifier, below.key),
    keptDays: notifier.keptDays,
    event,
  };
  const dismissed = notifier.filters.includes("state") ? notifier.dismissed?.(event) : undefined;
  const place = notifier.filters.includes("scope") ? notifier.place?.(event) : undefined;
  return {
    stored,
    routable: { id: stored.id, severity, place, sort: notifier.sort?.(event), dismissed },
    channel: notifier.channel?.(event),
  };
}

function sameEvent(a: StoredEvent, b: StoredEvent): boolean {
  return JSON.stringify(a.event) === JSON.stringify(b.event);
}

function isOlder(one: StoredEvent, there: StoredEvent | undefined): boolean {
  return (one.revision ?? 0) < (there?.revision ?? 0);
}
