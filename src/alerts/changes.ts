import { randomUUID } from "node:crypto";
import type { Ports } from "../definitions/ports.ts";
import { type Alert, homeOf } from "../domain/alerts/alert.ts";
import type { ReadAlert } from "../domain/alerts/alert-merge.ts";
import type { Read, Unread } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import type { Subscription } from "../ports/azure.ts";
import { whyUnread } from "../text/why-unread.ts";
import { unreadOf } from "./read.ts";
import { type FeedPorts, takeIn } from "./take-in.ts";

/** Subscriptions that one query names [Resource Graph docs: fewer than 300]; where more changed, all are read. */
const mostNamed = 290;

/** What a poll does not need anew: the list has a page for every hundred subscriptions, a poll without changes one. */
const listMinutes = 5;

/** The rows of all subscriptions in which an alert is new or looks otherwise than when it was taken in. */
export type Changes = {
  rows: readonly ReadAlert[];
  /** ISO time at which reading began. */
  began: string;
  subscriptions: readonly Subscription[];
  unread: Unread[];
  /** Of these, what the list of subscriptions itself lacks: subscriptions, or management groups with all they have. */
  unlisted: readonly Unread[];
  /** All alerts that concern containers, those that were not read again included. */
  alerts: number;
  /** Remembers what was taken in whole. `unsettled`: subscriptions that have to be read again. */
  settle(unsettled: ReadonlySet<string>): Promise<void>;
};

/**
 * Reads what changed since the last poll, however long ago that was: a sum for each subscription says where, and what
 * arrives late changes it too. Rows that are fewer than their sum counted are older than it, since Resource Graph is
 * consistent only in the end: they are read again at the next poll.
 * @throws UpstreamError where Azure does not answer
 */
export async function readChanges({
  azure,
  store,
  clock,
}: Pick<Ports, "azure" | "store" | "clock">): Promise<Changes> {
  const began = clock.now();
  const [subscriptions, sums, before] = await Promise.all([
    azure.subscriptions({ minutes: listMinutes }),
    azure.alertSums(listMinutes),
    store.alerts.sums(),
  ]);
  const about = { began, subscriptions: subscriptions.value, unlisted: subscriptions.unread };
  if (!sums) {
    const { value: rows, unread } = await azure.alerts({ from: "graph", quick: true });
    const all = distinct([...subscriptions.unread, ...unread]);
    return { ...about, rows, unread: all, alerts: rows.length, settle: async () => {} };
  }
  const present = subscriptions.value.map(({ id }) => id).filter((id) => sums.value.has(id));
  const changed = present.filter((id) => sums.value.get(id)!.sum !== before.get(id)?.sum);
  const token = randomUUID();
  await store.alerts.claim(changed, token);
  const read = await rowsOf(
    subscriptions.value.filter(({ id }) => changed.includes(id)),
    sums,
    azure,
  );
  const { value: rows, unread } = read;
  const counts = Map.groupBy(rows, ({ alert }) => homeOf(alert));
  const failed = new Set(unread.map(({ id }) => id));
  const alertsIn = (id: string) => counts.get(id)?.length ?? 0;
  const lags = (id: string) => (read.rows?.get(id) ?? 0) < sums.value.get(id)!.alerts;
  const same = present.filter((id) => !changed.includes(id));
  return {
    ...about,
    rows,
    unread: distinct([...subscriptions.unread, ...sums.unread, ...unread]),
    alerts: rows.length + same.reduce((sum, id) => sum + before.get(id)!.alerts, 0),
    async settle(unsettled) {
      const whole = changed.filter((id) => !unsettled.has(id) && !failed.has(id) && !lags(id));
      const taken = whole.map((id) => [id, { sum: sums.value.get(id)!.sum, alerts: alertsIn(id) }] as const);
      await store.alerts.settle(token, new Map(taken));
    },
  };
}

async function rowsOf(
  changed: readonly Subscription[],
  sums: Read<unknown>,
  azure: Ports["azure"],
): ReturnType<Ports["azure"]["alerts"]> {
  if (changed.length === 0) return { ...sums, value: [], unread: [] };
  const ids = changed.map(({ id }) => id);
  let refusal: UpstreamError | undefined;
  if (ids.length <= mostNamed) {
    try {
      return await azure.alerts({ from: "graph", quick: true, subscriptions: ids });
    } catch (error) {
      if (!(error instanceof UpstreamError) || !isLost(error)) throw error;
      // One named subscription that may not be read any more must not hide the others.
      refusal = error;
    }
  }
  const read = await azure.alerts({ from: "graph", quick: true });
  const value = read.value.filter(({ alert }) => ids.includes(homeOf(alert)));
  const present = new Set(value.map(({ alert }) => homeOf(alert)));
  const absent = refusal ? changed.filter(({ id }) => !present.has(id)) : [];
  return { ...read, value, unread: [...read.unread, ...absent.map((one) => unreadOf(one, refusal))] };
}

const isLost = (error: UpstreamError) =>
  error.status === 404 || ["denied", "gone"].includes(whyUnread(error));

/** Takes in what changed; subscriptions in which something is still open are read again at the next poll. */
export async function takeInChanges(
  changes: Changes,
  ports: FeedPorts,
): Promise<{ fresh: number; changed: number }> {
  const { rows, began } = changes;
  // One that could not be read has not had its first reading: what it has would be news at the next one.
  const unread = new Set(changes.unread.map(({ id }) => id));
  const subscriptions = changes.subscriptions.filter(({ id }) => !unread.has(id));
  const remembered = await ports.store.alerts.state(rows.map(({ alert }) => alert.id));
  const taken = await takeIn({ alerts: rows, source: "row", began, subscriptions }, remembered, ports);
  await changes.settle(new Set(taken.open.map((alert: Alert) => homeOf(alert))));
  return taken;
}

function distinct(unread: readonly Unread[]): Unread[] {
  return [...new Map(unread.map((one) => [one.id, one])).values()];
}
