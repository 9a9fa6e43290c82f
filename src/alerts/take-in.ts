import { createHash } from "node:crypto";
import { type Alert, type AlertSeen, fingerprint, stateAfter } from "../domain/alerts/alert.ts";
import { compareAlerts, isNews, remember, type Seen } from "../domain/alerts/poll.ts";
import { countBySeverity } from "../domain/severity.ts";
import { UpstreamError } from "../errors.ts";
import type { Ports, Subscription } from "../ports/ports.ts";
import { simulated } from "../simulations/sightings.ts";

type FeedPorts = Pick<
  Ports,
  "azure" | "store" | "publish" | "queue" | "clock" | "log" | "settings" | "definitions"
>;
type Reading = {
  alerts: readonly Alert[];
  source: "row" | "api";
  /** ISO time at which reading began. */
  began: string;
  subscriptions: readonly Subscription[];
};

/** What a reading is compared with. */
export type Remembered = { seen: ReadonlyMap<string, Seen>; baseline: ReadonlySet<string> };

/** An alert as it was read, and as the authority has it. */
type Looked = { read: Alert; alert: Alert };

/** Alerts looked up one by one; where more are new, one message rolls them up and needs no details. */
const mostLookups = 25;

/**
 * Takes in a reading of alerts: what was there before the first reading is summed up, what is new is published, what
 * changed updates its messages. Only then is it remembered as seen: a crash in between repeats, and repeating is
 * harmless, because a notification is recorded once for its key and channel.
 * @returns how many alerts were new and how many had changed
 */
export async function takeIn(
  reading: Reading,
  { seen, baseline }: Remembered,
  ports: FeedPorts,
): Promise<{ fresh: number; changed: number }> {
  const now = ports.clock.now();
  const { alerts, source, began } = reading;
  const found = compareAlerts(alerts, seen, baseline, source);
  const marks = new Map<string, Seen>();

  const first = firstRead(reading, baseline);
  await publishBaseline(found.baseline, first, baseline.size === 0, ports);
  for (const alert of found.baseline) {
    // The authority is expected to say the same of it; if not, that is a change like any other.
    marks.set(alert.id, {
      row: fingerprint(alert),
      api: fingerprint(alert),
      day: now.slice(0, 10),
      at: began,
    });
  }

  // Of two who tell of an alert, the one that asked the authority later is right.
  const asked = source === "api" ? began : now;
  const revision = Date.parse(asked);
  const fresh = await detailed(found.fresh, source, ports);
  await ports.publish(
    "alert",
    await eventsOf(
      fresh.map(({ alert }) => alert),
      seen,
      ports,
    ),
    { revision },
  );
  for (const { read, alert } of fresh)
    marks.set(read.id, markOf(read, alert, source, seen.get(read.id), { now, asked }));

  const changed = await confirmed(found.changed, source, ports);
  for (const { read, alert } of changed)
    marks.set(read.id, markOf(read, alert, source, seen.get(read.id), { now, asked }));
  // Rows of Resource Graph may lag behind what the authority said before: only a difference to that is a change.
  const different = changed.filter(({ read, alert }) => {
    const before = seen.get(read.id);
    return before?.unconfirmed || before?.api !== fingerprint(alert);
  });
  await ports.store.alerts.doubt(different.map(({ read }) => read.id));
  await publishChanges(
    different.map(({ alert }) => alert),
    { seen, revision },
    ports,
  );

  await ports.store.alerts.mark(marks, seen, [...first.keys()]);
  return { fresh: fresh.length, changed: different.length };
}

/**
 * What is told of alerts: who changed them through the bot, and what a simulation caused; the latter is put down in its
 * run before anything is posted.
 */
async function eventsOf(
  alerts: readonly Alert[],
  seen: Remembered["seen"],
  ports: FeedPorts,
): Promise<AlertSeen[]> {
  const caused = await simulated(alerts, ports);
  return Promise.all(
    alerts.map(async (alert): Promise<AlertSeen> => {
      const simulation = caused.get(alert.id);
      const about = { alert, ...(simulation && { simulation }) };
      const actor = seen.has(alert.id) ? await ports.store.alerts.actor(alert.id) : undefined;
      return actor && stateAfter[actor.action] === alert.state ? { ...about, actor } : about;
    }),
  );
}

function markOf(
  read: Alert,
  alert: Alert,
  source: "row" | "api",
  before: Seen | undefined,
  { now, asked }: { now: string; asked: string },
): Seen {
  const mark = remember(read, source, before, now, asked);
  return alert.whole ? remember(alert, "api", mark, now, asked) : mark;
}

/** Reads the details of new alerts; many at once are rolled up into a message that needs none. */
async function detailed(
  alerts: readonly Alert[],
  source: "row" | "api",
  ports: FeedPorts,
): Promise<Looked[]> {
  if (source === "api" || alerts.length > mostLookups) return alerts.map((read) => ({ read, alert: read }));
  return Promise.all(alerts.map((read) => lookUp(read, ports)));
}

/** What the authority says of alerts that look changed; those of which it says nothing now are left for the next time. */
async function confirmed(
  alerts: readonly Alert[],
  source: "row" | "api",
  ports: FeedPorts,
): Promise<Looked[]> {
  if (source === "api") return alerts.map((alert) => ({ read: alert, alert }));
  const looked =
    alerts.length <= mostLookups
      ? await Promise.all(alerts.map((read) => lookUp(read, ports)))
      : await lookUpLists(alerts, ports);
  return looked.filter(({ alert }) => alert.whole);
}

async function lookUp(read: Alert, { azure, log }: FeedPorts): Promise<Looked> {
  try {
    return { read, alert: { ...(await azure.getAlert(read.resource)), id: read.id } };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ code: error.code, status: error.status }, "the details of an alert could not be read");
    return { read, alert: read };
  }
}

async function lookUpLists(alerts: readonly Alert[], { azure, log }: FeedPorts): Promise<Looked[]> {
  const whole = new Map<string, Alert>();
  for (const [id, some] of Map.groupBy(alerts, ({ place }) => place.subscription.id)) {
    try {
      const { name } = some[0]!.place.subscription;
      for (const alert of await azure.listAlerts({ id, name, state: "" })) whole.set(alert.id, alert);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      log.warn({ subscription: id, code: error.code }, "the alerts of a subscription could not be read");
    }
  }
  return alerts.map((read) => ({ read, alert: whole.get(read.id) ?? read }));
}

async function publishChanges(
  alerts: readonly Alert[],
  { seen, revision }: { seen: Remembered["seen"]; revision: number },
  ports: FeedPorts,
): Promise<void> {
  const events = await eventsOf(alerts, seen, ports);
  const news = events.filter(({ alert }) =>
    isNews(seen.get(alert.id)?.api || seen.get(alert.id)?.row || "", alert),
  );
  const known = events.filter((event) => !news.includes(event));
  if (news.length > 0) await ports.publish("alert", news, { revision });
  if (known.length > 0) await ports.publish("alert", known, { known: true, revision });
}

/** Subscriptions (id → name) that are read for the first time; their alerts are no news. */
function firstRead({ subscriptions, alerts }: Reading, baseline: ReadonlySet<string>): Map<string, string> {
  const all = [...subscriptions, ...alerts.map(({ place }) => place.subscription)];
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
