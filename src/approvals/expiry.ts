/** A request that no one decided on expires after this (design, section 9). */
const approvalMinutes = 30;

/** Until when (ISO) a request that is posted now can be approved. */
export function approvableUntil(now: string): string {
  return new Date(Date.parse(now) + approvalMinutes * 60_000).toISOString();
}
