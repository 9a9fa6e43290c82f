import type { Clock, LateJob } from "../ports/process.ts";
import type { LastSlot } from "./cron.ts";
import type { Schedule, Slots } from "./schedules.ts";

const minuteMs = 60_000;
/** A run may take as long as three of its intervals, within these. */
const graceMs = { least: 3 * minuteMs, most: 30 * minuteMs };

/**
 * The scheduled jobs of which a slot is due that has not finished in time: because nothing enqueued it, no process took
 * it up, or its run failed.
 */
export async function lateJobs(options: {
  schedules: readonly Schedule[];
  slots: Pick<Slots, "finished">;
  clock: Clock;
}): Promise<LateJob[]> {
  const finished = await options.slots.finished();
  const now = Date.parse(options.clock.now());
  return options.schedules.flatMap(({ name, lastSlot }): LateJob[] => {
    const last = finished[name];
    if (last === undefined) return [{ job: name }];
    const due = lastSlot(last, iso(now - graceOf(lastSlot, now)));
    return due === undefined ? [] : [{ job: name, due, finished: last }];
  });
}

function graceOf(lastSlot: LastSlot, now: number): number {
  const long = iso(now - 2 * graceMs.most);
  const last = lastSlot(long, iso(now));
  const before = last && lastSlot(long, iso(Date.parse(last) - 1));
  const interval = last && before ? Date.parse(last) - Date.parse(before) : graceMs.most;
  return Math.min(Math.max(3 * interval, graceMs.least), graceMs.most);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
