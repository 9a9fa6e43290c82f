import pMap from "p-map";

/** Calls to a far side for single subscriptions or clusters that run at the same time. */
const atOnce = 8;

/** Runs `work` over the items, at most `limit` at a time; results in the order of the items. Rejects with the first error. */
export function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>, limit = atOnce): Promise<R[]> {
  return pMap(items, (item) => work(item), { concurrency: limit });
}
