import { setTimeout as wait } from "node:timers/promises";
import { UpstreamError } from "../../errors.ts";

/** A person waits: a longer `Retry-After` is not waited for. */
export const longestWaitSeconds = 20;

/** Tries once more what failed for a moment. Only for calls whose repetition does no harm. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UpstreamError) || !error.retryable) throw error;
    const seconds = error.retryAfter ?? 0.3;
    if (seconds > longestWaitSeconds) throw error;
    await wait(seconds * 1000);
    return work();
  }
}
