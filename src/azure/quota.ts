import { setTimeout as wait } from "node:timers/promises";

type Headers = { get(name: string): string | undefined };

/** [Resource Graph docs, throttling: 15 requests in 5 seconds for a principal and tenant]. */
const longest = 10_000;

/**
 * Lets requests to Resource Graph through while the quota that it reports lasts, and holds the others back until it is
 * filled up again, so that 429 is the exception. The quota is shared with every other process of the principal.
 */
export function quotaGate() {
  let running = 0;
  let notBefore = 0;
  return async <T>(send: () => Promise<T>, headers: () => Headers | undefined): Promise<T> => {
    for (let left = notBefore - performance.now(); left > 0; left = notBefore - performance.now())
      await wait(Math.min(left, longest));
    running++;
    try {
      return await send();
    } finally {
      running--;
      const answered = headers();
      const remaining = Number(answered?.get("x-ms-user-quota-remaining") ?? Number.NaN);
      if (remaining <= running) {
        const pause = duration(answered?.get("x-ms-user-quota-resets-after"));
        notBefore = Math.max(notBefore, performance.now() + Math.min(pause, longest));
      }
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
