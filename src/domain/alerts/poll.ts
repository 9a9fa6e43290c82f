import { type Alert, fingerprint } from "./alert.ts";

/** What is remembered of an alert. */
export type Seen = {
  /** How it looked in Resource Graph and in the alerts API. */
  row: string;
  api: string;
  /** When a reading last met it; empty where only a button of the bot did. */
  day: string;
  /** ISO time from which `api` is. */
  at: string;
  /** `api` is what a button of the bot asked for: Azure has to say whether it is so. */
  unconfirmed?: true;
};

/** What a reading of alerts brought. */
export type Difference = {
  /** Alerts of subscriptions that had no reading before: summed up, not replayed. */
  baseline: Alert[];
  /** Never seen before. */
  fresh: Alert[];
  /** Seen before, and different now. */
  changed: Alert[];
};

/**
 * Compares a reading with what was seen before.
 * @param source "row": Resource Graph, whose rows may lag; "api": the alerts API, the authority
 * @param known subscriptions (ids) that had a reading before
 */
export function compareAlerts(
  alerts: readonly Alert[],
  seen: ReadonlyMap<string, Seen>,
  known: ReadonlySet<string>,
  source: "row" | "api",
): Difference {
  const difference: Difference = { baseline: [], fresh: [], changed: [] };
  for (const alert of alerts) {
    const before = seen.get(alert.id);
    if (!before?.day) {
      if (known.has(alert.place.subscription.id)) difference.fresh.push(alert);
      else difference.baseline.push(alert);
    } else if (differs(before, alert, source)) difference.changed.push(alert);
  }
  return difference;
}

/**
 * A side that was not read before is compared with the authority; the authority's first reading is always looked at.
 * A row is also looked at as long as its state is another than the authority's: it may lag, or be the first to know.
 */
function differs(before: Seen, alert: Alert, source: "row" | "api"): boolean {
  if (before.unconfirmed || (before[source] || before.api) !== fingerprint(alert)) return true;
  return source === "row" && before.api !== "" && stateOf(before.api) !== alert.state;
}

function stateOf(mark: string): string {
  return mark.slice(0, mark.indexOf("|"));
}

/**
 * What to remember of an alert after a reading of one side; the other side stays as it was.
 * @param at ISO time at which the reading began: what a button does later is not undone by it
 */
export function remember(
  alert: Alert,
  source: "row" | "api",
  before: Seen | undefined,
  now: string,
  at: string,
): Seen {
  const day = now.slice(0, 10);
  if (source === "api") return { row: before?.row ?? "", api: fingerprint(alert), day, at };
  return {
    row: fingerprint(alert),
    api: before?.api ?? "",
    day,
    at: before?.at ?? "",
    ...(before?.unconfirmed && { unconfirmed: true }),
  };
}

/**
 * True where a change is news even to a channel that did not have the alert: it got worse (a filter may have kept it
 * out), or it is active again after it had been closed.
 */
export function isNews(before: string, alert: Alert): boolean {
  const [state = "", severity = ""] = before.split("|");
  const closed = state === "resolved" || state === "dismissed";
  return (
    (closed && (alert.state === "active" || alert.state === "in-progress")) ||
    (severity !== alert.severity && worse(alert.severity, severity))
  );
}

function worse(now: string, before: string): boolean {
  const order = ["critical", "high", "medium", "low", "informational"];
  const [a, b] = [order.indexOf(now), order.indexOf(before)];
  return a >= 0 && b >= 0 && a < b;
}
