import { expect, it } from "vitest";
import { isOverdue } from "../../src/domain/simulations/deadlines.ts";
import { runOf } from "../runs.ts";

it.each(["approved", "checked", "running", "verifying", "cleaning-up"] as const)(
  "a run is overdue in state %s after some time, and not before it",
  (state) => {
    const run = { ...runOf(), state, verifySeconds: 4500, at: { [state]: "2026-11-23T08:00:00.000Z" } };
    expect(isOverdue(run, 20, "2026-11-23T08:05:00.000Z")).toBe(false);
    expect(isOverdue(run, 20, "2026-11-27T08:00:00.000Z")).toBe(true);
  },
);
