import { wants } from "../routing.ts";
import type { ChannelSubscription } from "../subscription.ts";
import { type Alert, repetitionKey } from "./alert.ts";
import { type OpenMessage, planNext, type RollupRule, type Waiting } from "./rollup.ts";

export type Preview = {
  /** Alerts that the subscription would have let through. */
  alerts: number;
  /** Visible messages in the channel, bursts included. */
  messages: number;
  bursts: number;
  /** Alerts that would have joined a message that was there. */
  joined: number;
};

const minute = 60_000;

/**
 * What a subscription would have sent: the alerts are replayed minute by minute, at the time when Azure had them, by
 * the same rules that the outbox follows.
 * @param window ISO times; alerts from outside it are left out
 */
export function previewAlerts(
  alerts: readonly Alert[],
  subscription: ChannelSubscription,
  rule: RollupRule,
  window: { from: string; until: string },
): Preview {
  const [from, until] = [Date.parse(window.from), Date.parse(window.until)];
  const rows = alerts
    .filter((alert) => wants(subscription, { id: alert.id, severity: alert.severity, place: alert.place }))
    .map((alert) => ({ alert, time: Date.parse(alert.generated ?? alert.start ?? "") }))
    .filter(({ time }) => time >= from && time < until)
    .sort((a, b) => a.time - b.time);
  const polls = Map.groupBy(rows, ({ time }) => Math.floor(time / minute));
  const preview: Preview = { alerts: rows.length, messages: 0, bursts: 0, joined: 0 };
  const open = new Map<string, OpenMessage>();
  for (const [tick, seen] of polls) {
    const now = new Date((tick + 1) * minute).toISOString();
    post(
      preview,
      seen.map(({ alert }) => waitingOf(alert)),
      open,
      rule,
      now,
    );
  }
  return preview;
}

function waitingOf(alert: Alert): Waiting {
  const at = alert.generated ?? alert.start ?? "";
  return { id: alert.id, notifier: "alert", severity: alert.severity, again: repetitionKey(alert), at };
}

/** Empties one poll's rows as a pump would; `open` is carried over to the next poll. */
function post(
  preview: Preview,
  rows: readonly Waiting[],
  open: Map<string, OpenMessage>,
  rule: RollupRule,
  now: string,
): void {
  const rules = new Map([["alert", rule]]);
  let waiting = [...rows];
  for (let plan = planNext(waiting, open, rules, now); plan.kind !== "idle"; ) {
    const posted = plan.kind === "bundle" ? plan.rows : [plan.row];
    if (plan.kind === "join") preview.joined++;
    else preview.messages++;
    if (plan.kind === "bundle") preview.bursts++;
    const message = plan.kind === "join" ? plan.message : posted[0]!.id;
    for (const { again } of posted) if (again) open.set(again, { message, last: now });
    const ids = new Set(posted.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => !ids.has(id));
    plan = planNext(waiting, open, rules, now);
  }
}
