import type { Run, RunState } from "./simulation.ts";

/** Which state may follow which; whatever is not here is refused. Clean-up comes before every end of what has begun. */
const following: Record<RunState, readonly RunState[]> = {
  requested: ["approved", "refused", "expired", "cancelled"],
  approved: ["checked", "failed", "cancelled"],
  checked: ["running", "failed", "cancelled"],
  running: ["verifying", "cleaning-up"],
  verifying: ["cleaning-up"],
  "cleaning-up": ["reported", "failed", "cancelled"],
  reported: [],
  refused: [],
  expired: [],
  failed: [],
  cancelled: [],
};

export function mayFollow(before: RunState, after: RunState): boolean {
  return following[before].includes(after);
}

/** True where nothing follows. */
export function isOver({ state }: Pick<Run, "state">): boolean {
  return following[state].length === 0;
}

/** True where the run may have created something that is still there. */
export function mayHaveLeft({ state }: Pick<Run, "state">): boolean {
  return state === "running" || state === "verifying" || state === "cleaning-up";
}

/**
 * The run in its next state; undefined where that may not follow.
 * @param now ISO time at which the state is entered
 */
export function enter(run: Run, state: RunState, now: string, more: Partial<Run> = {}): Run | undefined {
  if (!mayFollow(run.state, state)) return undefined;
  return { ...run, ...more, troubled: undefined, state, at: { ...run.at, [state]: now } };
}

/** The end that follows clean-up. */
export function endOf({ cancelledBy, failure }: Pick<Run, "cancelledBy" | "failure">): RunState {
  if (cancelledBy) return "cancelled";
  return failure ? "failed" : "reported";
}

/**
 * The run after somebody cancelled it: at once where nothing was created, else through clean-up; undefined where it is
 * over, or already being cleaned up.
 */
export function cancelled(run: Run, person: string, now: string): Run | undefined {
  const more = { cancelledBy: person };
  return enter(run, mayHaveLeft(run) ? "cleaning-up" : "cancelled", now, more);
}

/** The run after it failed: at once where nothing was created, else through clean-up. */
export function failed(run: Run, failure: NonNullable<Run["failure"]>, now: string): Run | undefined {
  return enter(run, mayHaveLeft(run) ? "cleaning-up" : "failed", now, { failure });
}

/** Which runs stand in one line: those of one cluster, else of one registry, else of one subscription. */
export function laneOf({ cluster, registry, subscription }: Run): string {
  return (cluster?.id ?? registry?.id ?? subscription.id).toLowerCase();
}

/** Alerts come up to an hour after the fact, those of the agentless scan within a day (facts/defender.md, section 4). */
const lateHours = 24;

/**
 * ISO time since when alerts may be the run's; undefined where it never ran. A pod attacks as soon as it is there, and
 * the bot may learn of that later: it polls, waits for a command of Azure's, or was away.
 */
export function attackedSince({ started, at }: Pick<Run, "started" | "at">): string | undefined {
  return started ?? at.running;
}

/** ISO time until which alerts of the run may still come; undefined where it never ran. */
export function watchedUntil(run: Run): string | undefined {
  const since = attackedSince(run);
  if (!since) return undefined;
  const over = run.at.reported ?? run.at.failed ?? run.at.cancelled;
  const wait = Date.parse(since) + run.verifySeconds * 1000;
  return new Date(Math.max(wait, Date.parse(over ?? since)) + lateHours * 3_600_000).toISOString();
}
