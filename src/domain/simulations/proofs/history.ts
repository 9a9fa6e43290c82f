import type { Comparison, EarlierRun } from "../events.ts";
import type { Run, Verdict } from "../simulation.ts";

/** Later than the last time is "much later" only beyond both [issue: more than twice, and ten minutes]. */
const slowerTimes = 2;
const slowerSeconds = 600;

/** What a finished run says to those that come after it; undefined where nothing was measured. */
export function earlierOf(run: Run): EarlierRun | undefined {
  if (run.state !== "reported" || !run.started) return undefined;
  const verdicts = run.verdicts.map(({ index, required, verdict, seconds }) => ({
    index,
    required,
    verdict,
    ...(seconds !== undefined && { seconds }),
  }));
  return { run: run.id, at: run.started, verdicts };
}

/** The same scenario on the same target, with the same choices where they change what is expected. */
export function comparable(a: Run, b: Run): boolean {
  const target = ({ cluster, registry, subscription }: Run) =>
    [cluster?.id ?? "", registry?.id ?? "", subscription.id].join("|").toLowerCase();
  return a.scenario === b.scenario && target(a) === target(b);
}

/** Compares verdicts with those of the last run; those that could not be expected in either are no difference. */
export function compare(now: EarlierRun, before: EarlierRun): Comparison {
  const comparison: Comparison = { with: before.run, at: before.at, lost: [], won: [], slower: [] };
  for (const { index, verdict, seconds } of now.verdicts) {
    const last = before.verdicts.find((one) => one.index === index);
    if (!last) continue;
    if (seenIn(last.verdict) && verdict === "missing") comparison.lost.push(index);
    if (last.verdict === "missing" && seenIn(verdict)) comparison.won.push(index);
    if (seconds === undefined || last.seconds === undefined) continue;
    if (seconds > slowerTimes * last.seconds && seconds - last.seconds > slowerSeconds)
      comparison.slower.push({ index, before: last.seconds, seconds });
  }
  return comparison;
}

/** True where the comparison is worth an announcement. */
export function isRegression({ lost, slower }: Comparison): boolean {
  return lost.length > 0 || slower.length > 0;
}

export type Statistics = {
  scenario: string;
  /** Name of the cluster, the registry or the subscription. */
  target: string;
  targetId: string;
  runs: number;
  /** Expected alerts that came, and all that were expected and judged. */
  detected: number;
  expected: number;
  /** Share of the expected ones that came, 0 to 1; undefined where none was expected. */
  rate?: number;
  /** Seconds; undefined where nothing was detected. */
  median?: number;
  /** Oldest first: one point a run. */
  trend: { run: string; at: string; rate?: number; median?: number }[];
};

/** Detection rate and median time to detect, by scenario and target; only what a run required counts. */
export function statistics(runs: readonly Run[]): Statistics[] {
  const groups = Map.groupBy(
    runs.filter((run) => earlierOf(run) !== undefined),
    (run) => [run.scenario, targetOf(run).id].join("|").toLowerCase(),
  );
  return [...groups.values()]
    .map((group) => statisticsOf(group.toSorted((a, b) => a.started!.localeCompare(b.started!))))
    .sort((a, b) => a.scenario.localeCompare(b.scenario) || a.target.localeCompare(b.target));
}

function statisticsOf(runs: readonly Run[]): Statistics {
  const { id, name } = targetOf(runs[0]!);
  const { rate, median, detected, expected } = measured(runs.flatMap(({ verdicts }) => verdicts));
  const trend = runs.map((run) => {
    const { rate, median } = measured(run.verdicts);
    return { run: run.id, at: run.started!, rate, median };
  });
  const { scenario } = runs[0]!;
  return { scenario, target: name, targetId: id, runs: runs.length, detected, expected, rate, median, trend };
}

/** Rate and median of the required verdicts of one run or of several. */
export function measured(verdicts: readonly { required: boolean; verdict: Verdict; seconds?: number }[]): {
  detected: number;
  expected: number;
  rate?: number;
  median?: number;
} {
  const judged = verdicts.filter(
    ({ required, verdict }) => required && (verdict === "missing" || seenIn(verdict)),
  );
  const came = judged.filter(({ verdict }) => seenIn(verdict));
  const times = came.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds])).sort((a, b) => a - b);
  return {
    detected: came.length,
    expected: judged.length,
    rate: judged.length > 0 ? came.length / judged.length : undefined,
    median: middle(times),
  };
}

function middle(sorted: readonly number[]): number | undefined {
  if (sorted.length === 0) return undefined;
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : Math.round((sorted[half - 1]! + sorted[half]!) / 2);
}

function seenIn(verdict: Verdict): boolean {
  return verdict === "detected" || verdict === "late";
}

function targetOf({ cluster, registry, subscription }: Run): { id: string; name: string } {
  return cluster ?? registry ?? subscription;
}
