import { setImmediate } from "node:timers/promises";

/** So much work is done at once: 1 to 2 ms. A finding that is looked at is one. */
const atOnce = 3_000;

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
    if (done < atOnce) return undefined;
    done = 0;
    return setImmediate();
  };
}

/** What an artifact costs beside its findings: taking its record apart. */
export const artifactWork = 200;
