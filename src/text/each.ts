/** Calls to a far side for single subscriptions or clusters that run at the same time. */
const atOnce = 8;

/** Runs `work` over the items, at most `limit` at a time; results in the order of the items. Rejects with the first error. */
export async function each<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = atOnce,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
