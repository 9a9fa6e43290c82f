import type { Run } from "./simulation.ts";
import { isOver } from "./transitions.ts";

/** How often, and for how long after the end of a run, what it left is tried again by itself. */
const mostTries = 20;
const mostHours = 24;
/** Seconds before the first attempt, doubled with each one. */
const pause = { first: 30, most: 7200 };

/** True where something is left of a run that is over, and it is still tried to remove it. */
export function isTriedAgain(run: Pick<Run, "state" | "cleanUp">): boolean {
  const { cleanUp } = run;
  if (!isOver(run) || !cleanUp?.retries?.next) return false;
  // An attempt goes on until the pod that it made is gone as well.
  return cleanUp.left.length > 0 || cleanUp.retries.since !== undefined;
}

/**
 * When the next attempt is due; undefined where it was tried for long enough, and people have to.
 * @param tries attempts so far
 * @param ended ISO time of the end of the run
 * @returns ISO
 */
export function nextTry(tries: number, ended: string, now: string): string | undefined {
  const seconds = Math.min(pause.most, pause.first * 2 ** tries);
  const next = Date.parse(now) + seconds * 1000;
  if (tries >= mostTries || next > Date.parse(ended) + mostHours * 3_600_000) return undefined;
  return new Date(next).toISOString();
}
