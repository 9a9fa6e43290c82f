import { setTimeout as wait } from "node:timers/promises";
import pTimeout from "p-timeout";
import { UpstreamError } from "../../errors.ts";

/** Seconds: of one pause, and of all the pauses that Azure asks for by 429, of one call. */
const longestPause = 300;
const longestWaitSeconds = 1800;
/** Tries after other failures that may pass by themselves; the pipeline has tried three times before each. */
const tries = 4;

export type Waiting = (seconds: number, signal?: AbortSignal) => Promise<unknown>;
const really: Waiting = (seconds, signal) => wait(seconds * 1000, undefined, { signal });

/**
 * Does what has time until it works: 429 is waited out for half an hour, anything else that may pass is tried a few
 * times more. Throws what lasts, or the signal's reason.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, pause = really }: { signal?: AbortSignal; pause?: Waiting } = {},
): Promise<T> {
  let waited = 0;
  /** Not every request can be called back: the signal's reason comes at once all the same. */
  const unlessAborted = <R>(one: Promise<R>) =>
    pTimeout(one, { milliseconds: Number.POSITIVE_INFINITY, signal });
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await unlessAborted(work());
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof UpstreamError) || !thrown.retryable) throw thrown;
      const seconds = pauseAfter(thrown, attempt);
      if (seconds === undefined || waited + seconds > longestWaitSeconds) throw thrown;
      await unlessAborted(pause(seconds, signal));
      waited += seconds;
    }
  }
}

function pauseAfter({ status, retryAfter }: UpstreamError, attempt: number): number | undefined {
  if (status === 429 || retryAfter !== undefined)
    return Math.min(Math.max(retryAfter ?? 5 * attempt, 0.1), longestPause);
  return attempt < tries ? 2 ** (attempt - 1) : undefined;
}
