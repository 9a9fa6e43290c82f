import type { Retention } from "../../domain/retention.ts";
/** Where the configuration file sets nothing else. */
export const usualRetention: Retention = { alerts: 120, audit: 400, counts: 35, simulations: 400 };

export function seconds(days: number): number {
  return days * 86_400;
}

/** ISO time before which it is too old. */
export function oldest(now: string, days: number): string {
  return new Date(Date.parse(now) - days * 86_400_000).toISOString();
}
