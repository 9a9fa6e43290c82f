import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestBundle, type OpenMessage, planNext, type Waiting } from "../../src/domain/alerts/rollup.ts";
import { bySeverity, severities } from "../../src/domain/severity.ts";

const now = "2026-11-23T08:00:00.000Z";
const rules = new Map([["alert", { over: 5, withinSeconds: 3600 }]]);
const row = (id: string, about: Partial<Waiting> = {}): Waiting => ({
  id,
  notifier: "alert",
  severity: "medium",
  at: now,
  ...about,
});
const rows = (count: number, about: Partial<Waiting> = {}) =>
  Array.from({ length: count }, (_, n) => row(`r${n}`, about));
const minutesAgo = (minutes: number) => new Date(Date.parse(now) - minutes * 60_000).toISOString();

describe("what a channel posts next", () => {
  it("posts five alerts of one poll one by one, and six as one message", () => {
    expect(planNext(rows(5), new Map(), rules, now).kind).toBe("single");
    const plan = planNext(rows(6), new Map(), rules, now);
    expect(plan.kind === "bundle" && plan.rows.length).toBe(6);
  });

  it("lets the same type on the same cluster join its message within an hour, and not after", () => {
    const open = (minutes: number) =>
      new Map<string, OpenMessage>([["k", { message: "m", last: minutesAgo(minutes) }]]);
    const again = [row("a", { again: "k" })];
    expect(planNext(again, open(59), rules, now)).toEqual({ kind: "join", message: "m", row: again[0] });
    expect(planNext(again, open(60), rules, now).kind).toBe("single");
  });

  it("posts a notification without a rule alone, however many wait", () => {
    const plan = planNext(rows(20, { notifier: "trouble" }), new Map(), rules, now);
    expect(plan.kind).toBe("single");
  });

  it("rests where nothing waits", () => {
    expect(planNext([], new Map(), rules, now)).toEqual({ kind: "idle" });
  });

  it("puts the worst first, loses none and doubles none, and never exceeds the largest bundle", () => {
    const waiting = fc.array(
      fc.record({ severity: fc.constantFrom(...severities), minutes: fc.integer({ min: 0, max: 5000 }) }),
      { minLength: 6, maxLength: 80 },
    );
    fc.assert(
      fc.property(waiting, (some) => {
        const given = some.map(({ severity, minutes }, n) =>
          row(`r${n}`, { severity, at: minutesAgo(minutes) }),
        );
        const plan = planNext(given, new Map(), rules, now);
        if (plan.kind !== "bundle") throw new Error(plan.kind);
        expect(new Set(plan.rows.map(({ id }) => id))).toEqual(new Set(given.map(({ id }) => id)));
        for (const [index, one] of plan.rows.entries()) {
          const next = plan.rows[index + 1];
          if (next) expect(bySeverity(one.severity, next.severity)).toBeLessThanOrEqual(0);
        }
      }),
    );
    const many = planNext(rows(largestBundle + 1), new Map(), rules, now);
    expect(many.kind === "bundle" && many.rows.length).toBe(largestBundle);
  });
});
