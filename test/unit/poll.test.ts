import { describe, expect, it } from "vitest";
import { type Alert, fingerprint } from "../../src/domain/alerts/alert.ts";
import { compareAlerts, isNews, remember, type Seen } from "../../src/domain/alerts/poll.ts";
import { alertOf } from "../alerts.ts";

const now = "2026-11-23T08:00:00.000Z";
const known = new Set(["s1"]);
const seenAs = (alert: Alert, about: Partial<Seen> = {}): ReadonlyMap<string, Seen> =>
  new Map([
    [alert.id, { row: fingerprint(alert), api: fingerprint(alert), day: "2026-11-23", at: now, ...about }],
  ]);

describe("comparing a reading with what was seen", () => {
  it("an alert of a subscription that was never read before belongs to the baseline", () => {
    const alert = alertOf("a", { place: { subscription: { id: "s2", name: "new" } } });
    expect(compareAlerts([alert], new Map(), known, "row").baseline).toEqual([alert]);
  });

  it("an alert never seen is fresh, however old it is: the bot may have been away", () => {
    const alert = alertOf("a", { start: "2026-08-01T00:00:00.000Z" });
    expect(compareAlerts([alert], new Map(), known, "row").fresh).toEqual([alert]);
  });

  it("an unchanged alert is nothing", () => {
    const alert = alertOf("a");
    expect(compareAlerts([alert], seenAs(alert), known, "row")).toEqual({
      baseline: [],
      fresh: [],
      changed: [],
    });
  });

  it.each([
    ["state", { state: "resolved" }],
    ["severity", { severity: "high" }],
    ["end", { end: "2026-11-23T09:00:00.000Z" }],
    ["entities", { entityCount: 9 }],
  ] as const)("a change of %s is seen although no timestamp moves", (_what, change) => {
    const before = alertOf("a");
    const after = alertOf("a", change);
    expect(compareAlerts([after], seenAs(before), known, "row").changed).toEqual([after]);
  });

  it("the first row of Resource Graph after the alerts API is no change where both say the same", () => {
    const alert = alertOf("a");
    expect(compareAlerts([alert], seenAs(alert, { row: "" }), known, "row").changed).toEqual([]);
  });

  it("the first reading of the alerts API after a row is looked at: it has the details", () => {
    const alert = alertOf("a");
    expect(compareAlerts([alert], seenAs(alert, { api: "" }), known, "api").changed).toEqual([alert]);
  });

  it("remembers one side and leaves the other", () => {
    const alert = alertOf("a", { state: "resolved" });
    expect(remember(alert, "row", { row: "x", api: "y", day: "2026-11-01", at: "then" }, now, now)).toEqual({
      row: fingerprint(alert),
      api: "y",
      day: "2026-11-23",
      at: "then",
    });
  });

  it.each([
    ["reopened", "resolved|medium||1", { state: "active" }, true],
    ["taken up again", "dismissed|medium||1", { state: "in-progress" }, true],
    ["raised", "active|low||1", { severity: "high" }, true],
    ["lowered", "active|high||1", { severity: "low" }, false],
    ["resolved", "active|medium||1", { state: "resolved" }, false],
  ] as const)(
    "an alert that was %s is news to a channel without it: %s %o %s",
    (_what, before, change, expected) => {
      expect(isNews(before, alertOf("a", change))).toBe(expected);
    },
  );
});
