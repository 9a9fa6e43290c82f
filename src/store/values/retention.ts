/** Days for which each kind of state is kept (design, section 8). */
export type Retention = {
  /** Since an alert was last seen, and what channels were told of it. */
  alerts: number;
  audit: number;
  /** Daily counts of findings, and what was fixed. */
  counts: number;
  /** Since the last change of a run. */
  simulations: number;
};

/** Where the configuration file sets nothing else. */
export const usualRetention: Retention = { alerts: 120, audit: 400, counts: 35, simulations: 400 };

export function seconds(days: number): number {
  return days * 86_400;
}

/** ISO time before which it is too old. */
export function oldest(now: string, days: number): string {
  return new Date(Date.parse(now) - days * 86_400_000).toISOString();
}
