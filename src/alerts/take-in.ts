import { createHash } from "node:crypto";
import type { Ports } from "../definitions/ports.ts";
import { type Alert, type AlertSeen, type CausedBy, fingerprint, homeOf } from "../domain/alerts/alert.ts";
import type { ReadAlert } from "../domain/alerts/alert-merge.ts";
import { compareAlerts, type Difference, isNews, remember, type Seen } from "../domain/alerts/poll.ts";
import { countBySeverity } from "../domain/severity.ts";
import type { Subscription } from "../ports/azure.ts";
import { actorOf } from "./change.ts";
import { publishAlerts } from "./publish.ts";

export type FeedPorts = Pick<Ports, "azure" | "store" | "publish" | "clock"> & {
  /** Which of these alerts a simulation caused; it is put down in its run before anything is posted. */
  simulated(alerts: readonly Alert[]): Promise<ReadonlyMap<string, CausedBy>>;
};
type Reading = {
  alerts: readonly ReadAlert[];
  /** The one that was read: each alert has it. */
  source: "row" | "api";
  /** ISO time at which reading began. */
  began: string;
  subscriptions: readonly Subscription[];
};

/** What a reading is compared with. */
export type Remembered = { seen: ReadonlyMap<string, Seen>; baseline: ReadonlySet<string> };

/** Where more alerts are new, details would keep them waiting: the reconciliation adds them to what waits or is posted. */
const mostDetailed = 200;

/**
 * Takes in a reading of alerts: what was there before the first reading is summed up, unless a simulation caused it; what
 * is new is published, what changed updates its messages. Only then is it remembered as seen: a crash in between repeats,
 * and repeating is harmless, because a notification is recorded once for its key and channel.
 * @returns how many alerts were new and how many had changed, and those that have to be looked at again
 */
export async function takeIn(
  reading: Reading,
  { seen, baseline }: Remembered,
  ports: FeedPorts,
): Promise<{ fresh: number; changed: number; open: Alert[] }> {
  const now = ports.clock.now();
  const { source, began } = reading;
  const read = new Map(reading.alerts.map((one) => [one.alert.id, one]));
  const compared = await withSimulated(
    compareAlerts(
      reading.alerts.map((one) => one[source] ?? one.alert),
      seen,
      baseline,
      source,
    ),
    ports,
  );
  const marks = new Map<string, Seen>();

  const first = firstRead(reading, baseline);
  await publishBaseline(compared.baseline, first, baseline.size === 0, ports);
  for (const alert of compared.baseline) {
    // The authority is expected to say the same of it; if not, that is a change like any other.
    const mark = fingerprint(alert);
    marks.set(alert.id, { row: mark, api: mark, day: now.slice(0, 10), at: began });
  }

  // Of two who tell of an alert, the one that asked the authority later is right.
  const asked = source === "api" ? began : now;
  const revision = Date.parse(asked);
  const complete = async (alerts: readonly Alert[]): Promise<ReadAlert[]> => {
    const some = alerts.map(({ id }) => read.get(id)!);
    return some.length > 0 ? (await ports.azure.alerts({ from: "all", alerts: some })).value : [];
  };
  const mark = (alerts: readonly ReadAlert[]) => {
    for (const one of alerts) marks.set(one.alert.id, markOf(one, seen.get(one.alert.id), { now, asked }));
  };
  const fresh =
    compared.fresh.length > mostDetailed
      ? compared.fresh.map(({ id }) => read.get(id)!)
      : await complete(compared.fresh);
  await publishAlerts(ports.publish, await eventsOf(fresh, seen, ports), { revision });
  mark(fresh);

  // One of which the authority says nothing now is left for the next time.
  const confirmed = (await complete(compared.changed)).filter(({ api }) => api !== undefined);
  mark(confirmed);
  // Rows of Resource Graph may lag behind what the authority said before: only a difference to that is a change.
  const different = confirmed.filter(({ alert, api = alert }) => {
    const before = seen.get(alert.id);
    return before?.unconfirmed || before?.api !== fingerprint(api);
  });
  await ports.store.alerts.doubt(
    different.map(({ alert }) => alert.id),
    // A poll reads its own again unless it comes to its end.
    source === "api" ? [...new Set(different.map(({ alert }) => homeOf(alert)))] : [],
  );
  await publishChanges(different, { seen, revision }, ports);

  await ports.store.alerts.mark(marks, seen, [...first.keys()]);
  const changed = different.filter(({ alert, api = alert }) => lastSeen(seen, alert) !== fingerprint(api));
  const after = new Map([...seen, ...marks]);
  const open = compareAlerts([...compared.fresh, ...compared.changed], after, baseline, source).changed;
  return { fresh: fresh.length, changed: changed.length, open };
}

/** A simulation may have begun before the first reading of its subscription: its alerts are news, and its proof. */
async function withSimulated(compared: Difference, { simulated }: FeedPorts): Promise<Difference> {
  const caused = await simulated(compared.baseline);
  const { its = [], others = [] } = Object.groupBy(compared.baseline, ({ id }) =>
    caused.has(id) ? "its" : "others",
  );
  return { ...compared, baseline: others, fresh: [...compared.fresh, ...its] };
}

/** How an alert last looked: to the authority, else in its row. */
function lastSeen(seen: Remembered["seen"], { id }: Alert): string {
  return seen.get(id)?.api || seen.get(id)?.row || "";
}

/** What is published with alerts: who changed them through the bot, and what a simulation caused. */
async function eventsOf(
  read: readonly ReadAlert[],
  seen: Remembered["seen"],
  { store, simulated }: FeedPorts,
): Promise<AlertSeen[]> {
  const alerts = read.map(({ alert }) => alert);
  const caused = await simulated(alerts);
  return Promise.all(
    alerts.map(async (alert): Promise<AlertSeen> => {
      const simulation = caused.get(alert.id);
      const about = { alert, ...(simulation && { simulation }) };
      const actor = seen.has(alert.id) ? await actorOf(alert, store) : undefined;
      return actor ? { ...about, actor } : about;
    }),
  );
}

function markOf(
  { row, api }: ReadAlert,
  before: Seen | undefined,
  { now, asked }: { now: string; asked: string },
): Seen {
  const mark = row ? remember(row, "row", before, now, asked) : before;
  return api ? remember(api, "api", mark, now, asked) : mark!;
}

async function publishChanges(
  alerts: readonly ReadAlert[],
  { seen, revision }: { seen: Remembered["seen"]; revision: number },
  ports: FeedPorts,
): Promise<void> {
  const events = await eventsOf(alerts, seen, ports);
  // A row doesn't show for certain that a simulation caused it: where its details do, its thread has no reply yet.
  const isFirstInThread = ({ alert, simulation }: AlertSeen) =>
    simulation?.thread && !seen.get(alert.id)?.api;
  const news = events.filter((one) => isFirstInThread(one) || isNews(lastSeen(seen, one.alert), one.alert));
  const known = events.filter((event) => !news.includes(event));
  await publishAlerts(ports.publish, news, { revision });
  await publishAlerts(ports.publish, known, { known: true, revision });
}

/** Subscriptions (id → name) that are read for the first time; their alerts are no news. */
function firstRead({ subscriptions, alerts }: Reading, baseline: ReadonlySet<string>): Map<string, string> {
  const all = [...subscriptions, ...alerts.map(({ alert }) => alert.place.subscription)];
  return new Map(all.filter(({ id }) => !baseline.has(id)).map(({ id, name }) => [id, name]));
}

async function publishBaseline(
  alerts: readonly Alert[],
  first: ReadonlyMap<string, string>,
  started: boolean,
  { publish, clock }: FeedPorts,
): Promise<void> {
  if (first.size === 0 || (!started && alerts.length === 0)) return;
  await publish("baseline", [
    {
      id: createHash("sha256")
        .update([...first.keys()].sort().join())
        .digest("hex")
        .slice(0, 16),
      at: clock.now(),
      subscriptions: [...first.values()],
      alerts: alerts.length,
      active: countBySeverity(alerts.filter(({ state }) => state === "active")),
    },
  ]);
}
