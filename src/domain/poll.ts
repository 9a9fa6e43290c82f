import { type Alert, fingerprint } from "./alert.ts";

/** What is remembered of an alert: how it looked in Resource Graph and in the alerts API, and when it was last met. */
export type Seen = { row: string; api: string; day: string };

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
    if (!before) {
      if (known.has(alert.place.subscription.id)) difference.fresh.push(alert);
      else difference.baseline.push(alert);
    } else if (differs(before, alert, source)) difference.changed.push(alert);
  }
  return difference;
}

/** A side that was not read before is compared with the authority; the authority's first reading is always looked at. */
function differs(before: Seen, alert: Alert, source: "row" | "api"): boolean {
  return (before[source] || before.api) !== fingerprint(alert);
}

/** What to remember of an alert after a reading of one side; the other side stays as it was. */
export function remember(alert: Alert, source: "row" | "api", before: Seen | undefined, now: string): Seen {
  return {
    row: before?.row ?? "",
    api: before?.api ?? "",
    day: now.slice(0, 10),
    [source]: fingerprint(alert),
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
    (closed && alert.state === "active") || (severity !== alert.severity && worse(alert.severity, severity))
  );
}

function worse(now: string, before: string): boolean {
  const order = ["critical", "high", "medium", "low", "informational"];
  const [a, b] = [order.indexOf(now), order.indexOf(before)];
  return a >= 0 && b >= 0 && a < b;
}
