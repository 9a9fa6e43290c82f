import { duration } from "../client/transient.ts";

type Headers = { get(name: string): string | undefined };

/** [Resource Graph docs, throttling: 15 requests in 5 seconds for a principal and tenant]. */
const usual = { requests: 15, ms: 5_000 };
const longestMs = 10_000;
/** So shortly before the quota is filled up again, what was spared for others is used too: they wait no longer than this. */
const soonMs = 1_000;

/**
 * `spare`: how many others must still be possible after it. `first`: before everything that waits, because an alert
 * must not wait for a person's list.
 */
export type Urgency = { spare?: number; first?: boolean };
/** Sends a request when the quota allows it; `headers`: those of its answer, if one came. */
export type QuotaGate = <T>(
  send: () => Promise<T>,
  headers: () => Headers | undefined,
  urgency?: Urgency,
) => Promise<T>;

type Waiting = { spare: number; rank: number; start: () => void };

/**
 * Lets requests to Resource Graph through while the quota that it reports lasts, and holds the others back until it is
 * filled up again, so that 429 is the exception. Requests whose answer is awaited count as used. The quota is shared
 * with every other process of the principal.
 */
export function quotaGate(): QuotaGate {
  let left = usual.requests;
  /** The most that was seen to be left, which is there again when the quota is filled up. */
  let size = usual.requests;
  let inFlight = 0;
  let filledAt = Number.POSITIVE_INFINITY;
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const refill = () => {
    if (performance.now() < filledAt) return;
    left = size - inFlight;
    filledAt = performance.now() + usual.ms;
  };
  const next = () => {
    refill();
    // In order: a request that has to wait holds back those after it, so that none wakes up for nothing.
    for (let one = waiting[0]; one && fits(one); one = waiting[0]) {
      waiting.shift();
      one.start();
    }
    clearTimeout(timer);
    const wake = left > 0 ? filledAt - soonMs : filledAt;
    if (waiting.length > 0 && Number.isFinite(filledAt))
      timer = setTimeout(next, Math.max(1, wake - performance.now()));
  };
  /** With nothing in flight, and no refill announced, one request has to find out. */
  const fits = ({ spare }: Waiting) => {
    const kept = filledAt - performance.now() <= soonMs ? 0 : spare;
    return left > kept || (inFlight === 0 && !Number.isFinite(filledAt));
  };
  const enter = ({ spare, first }: Required<Urgency>) =>
    new Promise<void>((resolve) => {
      const one: Waiting = {
        spare,
        rank: first ? -1 : spare,
        start: () => {
          left--;
          inFlight++;
          resolve();
        },
      };
      // What leaves more to others comes after them, so that the first in line is always the one that fits best.
      const at = waiting.findIndex(({ rank }) => rank > one.rank);
      waiting.splice(at < 0 ? waiting.length : at, 0, one);
      next();
    });
  const leave = (answered: Headers | undefined) => {
    inFlight--;
    const remaining = Number(answered?.get("x-ms-user-quota-remaining") ?? Number.NaN);
    if (remaining >= 0) {
      size = Math.max(size, remaining + 1);
      // Those that are on their way are not counted yet, or are: the worse is assumed.
      left = remaining - inFlight;
      const pause = duration(answered?.get("x-ms-user-quota-resets-after"));
      filledAt = performance.now() + Math.min(pause, longestMs);
    } else left = Math.min(left + 1, size - inFlight);
    next();
  };

  return async (send, headers, { spare = 0, first = false } = {}) => {
    await enter({ spare, first });
    try {
      return await send();
    } finally {
      leave(headers());
    }
  };
}
