/** Lets work run when it is its turn. */
export type FairTurns = {
  run<T>(who: string, work: () => Promise<T>): Promise<T>;
};

type Start = () => void;

/**
 * So many pieces of work at a time, and so many of one person: whoever waits with much lets everyone else in between.
 * Whoever has the least running is next, then whoever came first.
 */
export function fairTurns({ total, each }: { total: number; each: number }): FairTurns {
  const running = new Map<string, number>();
  const queues = new Map<string, Start[]>();
  let busy = 0;

  const runs = (who: string) => running.get(who) ?? 0;
  const next = () => {
    while (busy < total) {
      const waiting = [...queues.keys()].filter((who) => runs(who) < each);
      const [who] = waiting.sort((a, b) => runs(a) - runs(b));
      if (who === undefined) return;
      const queue = queues.get(who) ?? [];
      const first = queue.shift();
      // At the end of the order, with what still waits.
      queues.delete(who);
      if (queue.length > 0) queues.set(who, queue);
      first?.();
    }
  };
  const take = (who: string) => {
    busy++;
    running.set(who, runs(who) + 1);
  };
  const free = (who: string) => {
    busy--;
    const left = runs(who) - 1;
    if (left > 0) running.set(who, left);
    else running.delete(who);
    next();
  };

  return {
    async run(who, work) {
      await new Promise<void>((resolve) => {
        const queue = queues.get(who) ?? [];
        queue.push(() => {
          take(who);
          resolve();
        });
        queues.set(who, queue);
        next();
      });
      try {
        return await work();
      } finally {
        free(who);
      }
    },
  };
}
