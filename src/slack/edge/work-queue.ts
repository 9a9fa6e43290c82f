import type { Log } from "../../ports/ports.ts";

export type Behind = {
  /** Takes work on; false where too much waits already. */
  add(work: () => Promise<void>): boolean;
  waiting(): number;
  full(): boolean;
  /** Resolves when nothing waits or runs any more, or after so many milliseconds. */
  idle(ms: number): Promise<void>;
};

/**
 * Work behind the acknowledgement. Each piece starts in a later turn of the event loop, so that the acknowledgements of
 * a burst go out first.
 */
export function workBehind(log: Log, { concurrency = 8, most = 1_000 } = {}): Behind {
  const queue: (() => Promise<void>)[] = [];
  let running = 0;
  let told: (() => void)[] = [];
  const next = () => {
    const work = running < concurrency ? queue.shift() : undefined;
    if (!work) {
      if (running === 0 && queue.length === 0) {
        for (const tell of told) tell();
        told = [];
      }
      return;
    }
    running += 1;
    void work()
      .catch((error: unknown) => log.error({ error }, "work behind an acknowledgement failed"))
      .finally(() => {
        running -= 1;
        next();
      });
  };
  return {
    add(work) {
      if (queue.length >= most) return false;
      queue.push(work);
      setImmediate(next);
      return true;
    },
    waiting: () => queue.length,
    full: () => queue.length >= most,
    idle(ms) {
      if (running === 0 && queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        told.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
