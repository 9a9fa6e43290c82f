import type { AlertWish } from "../estate/alerts.ts";
import type { Raised } from "./expected.ts";

/** Which alerts a switch meets: by type or title; all where nothing is given. */
type Match = { alert?: RegExp; times?: number };
/**
 * What goes otherwise than expected: an alert is lost, late, held, doubled, called otherwise, or another one comes beside it.
 */
export type Switch = Match &
  (
    | { kind: "drop" | "double" }
    | { kind: "delay"; minutes: number }
    /** Comes when this resolves, and not before its time. */
    | { kind: "hold"; until: Promise<unknown> }
    | { kind: "rename"; type?: string; title?: string }
    | { kind: "beside"; raised: Raised; elsewhere?: Pick<AlertWish, "cluster" | "namespace"> }
  );
export type Switches = {
  add(one: Switch): void;
  clear(): void;
  /** Those that an alert meets, counted down. */
  meet(raised: Raised): Switch[];
};

export function switchSet(): Switches {
  let all: { one: Switch; left: number }[] = [];
  return {
    add: (one) => void all.push({ one, left: one.times ?? Number.POSITIVE_INFINITY }),
    clear: () => {
      all = [];
    },
    meet({ type, title }) {
      const met = all.filter(
        ({ one, left }) =>
          left > 0 && (one.alert === undefined || one.alert.test(type) || one.alert.test(title)),
      );
      for (const one of met) one.left--;
      return met.map(({ one }) => one);
    },
  };
}
