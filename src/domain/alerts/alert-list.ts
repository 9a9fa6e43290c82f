import { atLeast, type Severity } from "../severity.ts";
import type { Alert, AlertState } from "./alert.ts";

export type AlertFilter = {
  /** The least severity; none is every one. */
  severity?: Severity;
  state: AlertState | "all";
  /** ISO; alerts whose last activity was before are left out. */
  since: string;
};

export type AlertList = {
  /** Newest first. */
  alerts: Alert[];
  /** How many more there are of the same state and severity, from before `since`. */
  older: number;
};

/** When something last happened: the end of the activity, else its start, else when Defender reported it. */
export function lastActivity({
  end,
  start,
  generated,
}: Pick<Alert, "end" | "start" | "generated">): string | undefined {
  return end ?? start ?? generated;
}

/** The alerts that fit, newest first. One without any time, or of a state never seen, is always shown: never dropped. */
export function listAlerts(alerts: readonly Alert[], { severity, state, since }: AlertFilter): AlertList {
  const fitting = alerts.filter(
    (alert) =>
      (state === "all" || alert.state === state || alert.state === "unknown") &&
      (severity === undefined || atLeast(alert.severity, severity)),
  );
  const from = Date.parse(since);
  const recent = fitting.filter((alert) => {
    const time = lastActivity(alert);
    return time === undefined || Number.isNaN(Date.parse(time)) || Date.parse(time) >= from;
  });
  return { alerts: recent.sort(newestFirst), older: fitting.length - recent.length };
}

/** Times may have 3 or 7 decimals: compared as times, not as text. */
function newestFirst(a: Alert, b: Alert): number {
  const time = (alert: Alert) => Date.parse(lastActivity(alert) ?? "") || Number.POSITIVE_INFINITY;
  const difference = time(b) - time(a);
  return difference || a.id.localeCompare(b.id, "en");
}
