import { IANAZone } from "luxon";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * Clock readings of a time zone. A reading is written as the milliseconds that UTC would have at it, so that a cron
 * expression can be calculated on it as if no clock ever changed.
 */
export type WallClock = {
  /** What the clock reads at an instant. */
  read(instant: number): number;
  /** The instants at which the clock reads this: none in the gap of spring, two in the repeated hour of autumn. */
  instants(reading: number): number[];
  /** The first instant after the gap in which a reading without an instant lies. */
  gapEnd(reading: number): number;
  /** The last change of the clock in (`from`, `to`]: its first instant. At most one is expected in between. */
  change(from: number, to: number): number | undefined;
};

export function wallClock(timezone: string): WallClock {
  const zone = IANAZone.create(timezone);
  const offset = (instant: number) => zone.offset(instant) * minuteMs;
  const change = (from: number, to: number): number | undefined => {
    let [before, after] = [from, to];
    const was = offset(before);
    if (offset(after) === was) return undefined;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offset(middle) === was) before = middle;
      else after = middle;
    }
    return after;
  };
  // No zone changes twice within two days, nor by more than a day.
  const offsetsNear = (reading: number) => [offset(reading - dayMs), offset(reading + dayMs)] as const;
  return {
    read: (instant) => instant + offset(instant),
    instants(reading) {
      const candidates = [...new Set(offsetsNear(reading))].map((near) => reading - near);
      return candidates.filter((instant) => instant + offset(instant) === reading).sort((a, b) => a - b);
    },
    gapEnd(reading) {
      const [before, after] = offsetsNear(reading);
      return change(reading - after - 1, reading - before) ?? reading - before;
    },
    change,
  };
}
