import { bySeverity, type Severity } from "../severity.ts";

/** A row that waits in a channel's outbox. */
export type Waiting = {
  id: string;
  notifier: string;
  severity: Severity;
  /** Rows with the same word join one message within `withinSeconds`. */
  again?: string;
  /** ISO. */
  at: string;
};

/** A message that later rows with the same `again` may join. */
export type OpenMessage = { message: string; last: string };

/** How the rows of a notifier are rolled up; none: each is a message of its own. */
export type RollupRule = { over: number; withinSeconds: number };

/** What a channel posts next. */
export type Plan =
  | { kind: "idle" }
  | { kind: "single"; row: Waiting }
  | { kind: "join"; message: string; row: Waiting }
  | { kind: "bundle"; rows: Waiting[] };

/** More rows than this in one message would make its record unwieldy; what is over it follows in the next. */
export const largestBundle = 2000;

/**
 * Decides what a channel posts next (design, section 7): more than `over` waiting rows of a notifier become one
 * message, the worst first; a row whose like was posted within the time joins that message; else the first row alone.
 * @param waiting in the order in which they were recorded
 * @param open by `again`
 * @param now ISO
 */
export function planNext(
  waiting: readonly Waiting[],
  open: ReadonlyMap<string, OpenMessage>,
  rules: ReadonlyMap<string, RollupRule>,
  now: string,
): Plan {
  const row = waiting[0];
  if (!row) return { kind: "idle" };
  const rule = rules.get(row.notifier);
  if (!rule) return { kind: "single", row };
  const alike = waiting.filter(({ notifier }) => notifier === row.notifier);
  if (alike.length > rule.over) return { kind: "bundle", rows: worstFirst(alike).slice(0, largestBundle) };
  const earlier = row.again === undefined ? undefined : open.get(row.again);
  if (earlier && isOpen(earlier, rule, now)) return { kind: "join", message: earlier.message, row };
  return { kind: "single", row };
}

/** True while rows may still join: the last one was less than `withinSeconds` ago. */
export function isOpen(message: OpenMessage, rule: RollupRule, now: string): boolean {
  return Date.parse(now) - Date.parse(message.last) < rule.withinSeconds * 1000;
}

function worstFirst(rows: readonly Waiting[]): Waiting[] {
  return [...rows].sort((a, b) => bySeverity(a.severity, b.severity) || a.at.localeCompare(b.at));
}
