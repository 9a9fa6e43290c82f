import type { ModelReading } from "../model/finding.ts";

/**
 * What is said so many scans in a row is taken as true, however suspicious: a model that answers nothing, an estate that
 * shrank, a subscription that is no longer listed.
 */
export const acceptedAfterScans = 3;

export type SettledModels = {
  readings: ModelReading[];
  /** Answered with an error: what it reported may be there all the same. */
  failed: ReadonlySet<ModelReading["model"]>;
  /** Answered nothing all of a sudden, without an error. */
  silent: ReadonlySet<ModelReading["model"]>;
};

/** @param before readings of the last snapshot */
export function settleModels(
  readings: readonly ModelReading[],
  before: readonly ModelReading[] = [],
): SettledModels {
  const failed = new Set<ModelReading["model"]>();
  const silent = new Set<ModelReading["model"]>();
  const missing = before.filter(({ model }) => readings.every((one) => one.model !== model));
  const all = [...readings, ...missing.map(({ model }): ModelReading => ({ model, rows: 0 }))];
  const settled = all.map(({ model, rows, error }): ModelReading => {
    const last = before.find((one) => one.model === model);
    const had = last && last.rows > 0 ? last.rows : last?.had;
    if (error !== undefined) {
      failed.add(model);
      return { model, rows, error, ...(had && { had }), ...(last?.silent && { silent: last.silent }) };
    }
    if (rows > 0 || !had) return { model, rows };
    const scans = (last?.silent ?? 0) + 1;
    if (scans >= acceptedAfterScans) return { model, rows };
    silent.add(model);
    return { model, rows, silent: scans, had };
  });
  return { readings: settled, failed, silent };
}
