/** Containers are assessed within 24 hours, without the sensor too [Defender docs, support matrix]; two more to process. */
export const assessedWithinMinutes = 26 * 60;

/** Whether Defender must have assessed, by `at`, what has been running since then. */
export function isOverdue(since: string | undefined, at: string): boolean {
  return since !== undefined && Date.parse(at) - Date.parse(since) >= assessedWithinMinutes * 60_000;
}
