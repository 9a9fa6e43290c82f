import type { Log } from "../../ports/process.ts";

export type WorkQueue = {
  /** Takes work of a person on; false where too much waits already, of all people or of this one. */
  add(person: string, work: () => Promise<void>): boolean;
  waiting(): number;
  full(person: string): boolean;
  /** Resolves when nothing waits or runs any more, or after so many milliseconds. */
  idle(ms: number): Promise<void>;
};

/**
 * Work after the acknowledgement. Each piece starts in a turn of the event loop of its own, so that the acknowledgements
 * of a burst go out first; what takes long waits for its turn in dispatch, so that nothing here waits for anything.
 */
export function workQueue(log: Log, { most = 1_000, ofOne = 300 } = {}): WorkQueue {
  const queue: (() => Promise<void>)[] = [];
  const pending = new Map<string, number>();
  let open = 0;
  let starting = false;
  let listeners: (() => void)[] = [];
  const start = () => {
    void queue.shift()?.();
    starting = queue.length > 0;
    if (starting) setImmediate(start);
  };
  const ended = (person: string) => {
    open -= 1;
    const left = (pending.get(person) ?? 1) - 1;
    if (left > 0) pending.set(person, left);
    else pending.delete(person);
    if (open > 0) return;
    for (const listener of listeners) listener();
    listeners = [];
  };
  const full = (person: string) => open >= most || (pending.get(person) ?? 0) >= ofOne;
  return {
    add(person, work) {
      if (full(person)) return false;
      open += 1;
      pending.set(person, (pending.get(person) ?? 0) + 1);
      queue.push(() =>
        work()
          .catch((error: unknown) => log.error({ error }, "work after an acknowledgement failed"))
          .finally(() => ended(person)),
      );
      if (!starting) setImmediate(start);
      starting = true;
      return true;
    },
    waiting: () => open,
    full,
    idle(ms) {
      if (open === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        listeners.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
