import { setImmediate } from "node:timers/promises";

/** So much work is done at once: 1 to 2 ms. A finding that is looked at is one. */
const mostAtOnce = 3_000;

/** Lets others in where it is due; `work` is what was done since the last call. */
export type Breathe = (work: number) => Promise<void> | undefined;

/**
 * Long work over a million findings must not keep a process from answering: `await breathe(work)` lets everything else
 * in whenever enough was done since the last time.
 */
export function breather(): Breathe {
  let done = 0;
  return (work) => {
    done += work;
    if (done < mostAtOnce) return undefined;
    done = 0;
    return setImmediate();
  };
}

/** Long work in steps: each `yield` says how much was done since the last one. */
export type Steps<Result> = Generator<number, Result, void>;

/** Does all steps, and lets everything else in wherever it is due. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  const breathe = breather();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const pause = breathe(step.value);
    if (pause) await pause;
  }
}

/** Does all steps at once, for work that is known to be small. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What an artifact costs beside its findings: taking its record apart. */
export const artifactWork = 200;
