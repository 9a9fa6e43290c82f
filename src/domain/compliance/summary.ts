import type { Located } from "../scope/scope.ts";
import {
  type Compliance,
  type Control,
  type ControlAssessment,
  type ControlState,
  compareControls,
  controlStates,
  type StandardReading,
} from "./compliance.ts";
import { byImportance } from "./standards.ts";

export type StateCounts = Record<ControlState, number>;

/** One control over all subscriptions: its state is the worst that it has in any of them. */
export type ControlSummary = {
  id: string;
  title: string;
  state: ControlState;
  /** Subscriptions in each state. */
  subscriptions: StateCounts;
  failedIn: Located["subscription"][];
  failed: number;
  passed: number;
  skipped: number;
};

export type StandardSummary = {
  key: string;
  name: string;
  subscriptions: number;
  /** The worst first, then by id. */
  controls: ControlSummary[];
  counts: StateCounts;
  /** Controls that could not be read, in all subscriptions together. */
  missing: number;
};

export function noCounts(): StateCounts {
  return { failed: 0, unknown: 0, passed: 0, skipped: 0, manual: 0 };
}

/** The standards over all of the subscriptions, the important ones first; each control counts once. */
export function summarizeCompliance({ standards, titles }: Compliance): StandardSummary[] {
  const titlesOf = new Map(titles.map((one) => [one.key, one.titles]));
  return [...Map.groupBy(standards, ({ key }) => key)]
    .map(([key, readings]) => summaryOf(key, readings, titlesOf.get(key) ?? {}))
    .sort(byImportance);
}

function summaryOf(
  key: string,
  readings: readonly StandardReading[],
  titles: Readonly<Record<string, string>>,
): StandardSummary {
  const controls = new Map<string, ControlSummary>();
  for (const { subscription, controls: some } of readings)
    for (const control of some) {
      const known = controls.get(control.id) ?? emptyControl(control.id, titles[control.id] ?? "");
      add(known, control, subscription);
      controls.set(control.id, known);
    }
  const sorted = [...controls.values()].sort(byState);
  return {
    key,
    name: readings[0]!.name,
    subscriptions: readings.length,
    controls: sorted,
    counts: countStates(sorted),
    missing: readings.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function emptyControl(id: string, title: string): ControlSummary {
  const counts = { failed: 0, passed: 0, skipped: 0 };
  return { id, title, state: "manual", subscriptions: noCounts(), failedIn: [], ...counts };
}

function add(known: ControlSummary, one: Control, subscription: Located["subscription"]): void {
  known.subscriptions[one.state]++;
  known.state = worstState(known.state, one.state);
  if (one.state === "failed") known.failedIn.push(subscription);
  known.failed += one.failed;
  known.passed += one.passed;
  known.skipped += one.skipped;
}

/** How many are in each state. */
export function countStates(all: Iterable<{ state: ControlState }>): StateCounts {
  const counts = noCounts();
  for (const { state } of all) counts[state]++;
  return counts;
}

export function worstState(a: ControlState, b: ControlState): ControlState {
  return controlStates.indexOf(a) <= controlStates.indexOf(b) ? a : b;
}

/** Of what Defender assessed, in per cent; skipped and manual controls count neither way, as in the portal. */
export function passedShare({ passed, failed }: Pick<StateCounts, "passed" | "failed">): number | undefined {
  return passed + failed > 0 ? Math.round((passed / (passed + failed)) * 100) : undefined;
}

/** The worst first, then by id. */
function byState(a: ControlSummary, b: ControlSummary): number {
  return controlStates.indexOf(a.state) - controlStates.indexOf(b.state) || compareControls(a.id, b.id);
}

/** One assessment over all subscriptions. */
export type AssessmentSummary = Omit<ControlAssessment, "subscription"> & { subscriptions: number };

/** Assessments below a control, the worst and those with most failed resources first. */
export function summarizeAssessments(all: readonly ControlAssessment[]): AssessmentSummary[] {
  return [...Map.groupBy(all, ({ key }) => key).values()]
    .map((group): AssessmentSummary => {
      const { key, title, kind } = group.find((one) => one.title) ?? group[0]!;
      const sum = (of: "failed" | "passed" | "skipped") => group.reduce((total, one) => total + one[of], 0);
      const state = group.map((one) => one.state).reduce(worstState);
      const counts = { failed: sum("failed"), passed: sum("passed"), skipped: sum("skipped") };
      return { key, title, kind, state, ...counts, subscriptions: group.length };
    })
    .sort(
      (a, b) =>
        controlStates.indexOf(a.state) - controlStates.indexOf(b.state) ||
        b.failed - a.failed ||
        a.title.localeCompare(b.title, "en"),
    );
}
