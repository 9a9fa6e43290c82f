import type { Run } from "./simulation.ts";

/** Seconds beyond the time that the scenario or the wait takes by itself. */
const margin = { running: 1800, verifying: 3600 };
/** Seconds for which a run may wait for its turn: the longest scenario keeps a cluster for more than a day. */
const turn = 72 * 3600;
const short = { checked: 600, "cleaning-up": 3600 };

/** True once what is expected has had its time. */
export function isWaitOver({ started, verifySeconds }: Run, now: string): boolean {
  return started !== undefined && Date.parse(now) >= Date.parse(started) + verifySeconds * 1000;
}

/**
 * True where a run has been in its state for longer than that may take: whatever still fails then ends it.
 * @param minutes longest time of the scenario; undefined where it is no longer there
 */
export function isOverdue(run: Run, minutes: number | undefined, now: string): boolean {
  const entered = run.at[run.state];
  const most = mostSeconds(run, minutes ?? 60);
  return most !== undefined && entered !== undefined && Date.parse(now) > Date.parse(entered) + most * 1000;
}

function mostSeconds({ state, verifySeconds }: Run, minutes: number): number | undefined {
  if (state === "approved") return turn;
  if (state === "running") return minutes * 60 + margin.running;
  if (state === "verifying") return verifySeconds + margin.verifying;
  return state === "checked" || state === "cleaning-up" ? short[state] : undefined;
}
