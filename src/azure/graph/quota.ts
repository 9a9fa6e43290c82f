import { setTimeout as wait } from "node:timers/promises";

type Headers = { get(name: string): string | undefined };

/** [Resource Graph docs, throttling: 15 requests in 5 seconds for a principal and tenant]. */
const longest = 10_000;

/** Sends a request when the quota allows it; `spare`: how many others must still be possible after it. */
export type QuotaGate = <T>(
  send: () => Promise<T>,
  headers: () => Headers | undefined,
  spare?: number,
) => Promise<T>;

/**
 * Lets requests to Resource Graph through while the quota that it reports lasts, and holds the others back until it is
 * filled up again, so that 429 is the exception. The quota is shared with every other process of the principal. What
 * has time keeps a few requests to spare, so that a poll beside it never waits.
 */
export function quotaGate(): QuotaGate {
  let running = 0;
  let notBefore = 0;
  let full = { until: 0, left: Number.POSITIVE_INFINITY };
  const opens = (spare: number) =>
    spare > 0 && full.left - running <= spare ? Math.max(notBefore, full.until) : notBefore;
  return async (send, headers, spare = 0) => {
    for (let left = opens(spare) - performance.now(); left > 0; left = opens(spare) - performance.now())
      await wait(Math.min(left, longest));
    running++;
    try {
      return await send();
    } finally {
      running--;
      const answered = headers();
      const remaining = Number(answered?.get("x-ms-user-quota-remaining") ?? Number.NaN);
      const pause = Math.min(duration(answered?.get("x-ms-user-quota-resets-after")), longest);
      if (remaining <= running) notBefore = Math.max(notBefore, performance.now() + pause);
      if (remaining >= 0) full = { until: performance.now() + pause, left: remaining };
    }
  };
}

/** Milliseconds of `hh:mm:ss`; a second where it says nothing that can be read. */
export function duration(text: string | undefined): number {
  const [, hours, minutes, seconds] = /^(\d+):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text?.trim() ?? "") ?? [];
  return seconds === undefined
    ? 1000
    : (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
