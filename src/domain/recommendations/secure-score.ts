import type { Located } from "../scope/scope.ts";

type Points = { max: number; current: number };
/** The control of a subscription: its points, and how many of its resources are healthy. */
export type ScoreControl = Points & { id: string; healthy: number; unhealthy: number };
/** The classic secure score of a subscription, with its controls [Defender docs, secure score]. */
export type SecureScore = Points & {
  subscription: Located["subscription"];
  weight: number;
  controls: ScoreControl[];
};
/** What a control is called, and the keys of the recommendations that count in it: the same in each subscription. */
export type ControlDefinition = { id: string; title: string; keys: string[] };
/** A subscription without a score. `detail`: Azure's words; "" where it just returned none. */
export type Unscored = { id: string; name: string; detail: string };

export type SecureScores = {
  scores: SecureScore[];
  definitions: ControlDefinition[];
  unscored: Unscored[];
};

/** An assessment that is unhealthy. */
type Affected = { key: string; place: Located };

/**
 * What fixing a recommendation adds to one subscription at most: a resource counts as healthy in a control only when all
 * of the control's recommendations are fixed on it.
 */
export type ScoreGain = {
  subscription: Located["subscription"];
  title: string;
  control: ScoreControl;
  points: number;
  /** Percentage points of that subscription's score. */
  percent: number;
};

/**
 * `none`: no control with points counts it. `percent`: percentage points of the score of all subscriptions together.
 * `unknown`: ids of subscriptions with affected resources whose score was not read.
 */
export type ScoreEffect =
  | { kind: "none" }
  | { kind: "unknown"; unknown: string[] }
  | { kind: "gain"; percent: number; gains: ScoreGain[]; unknown: string[] };

/**
 * The score of several subscriptions in percent: each by its weight, which counts as 1 where Azure says 0
 * [Resource Graph samples, "Secure score per management group"]. Undefined where none has points.
 */
export function combinedScore(scores: readonly SecureScore[]): number | undefined {
  const counted = scores.filter(({ max }) => max > 0);
  const total = totalWeight(counted);
  if (total === 0) return undefined;
  return counted.reduce((sum, one) => sum + (percentOf(one.current, one) * weightOf(one)) / total, 0);
}

/** Finds what fixing a recommendation adds, from the assessments that are unhealthy. */
export function scoreEffects({
  scores,
  definitions,
}: SecureScores): (unhealthy: readonly Affected[]) => ScoreEffect {
  const controlsOf = new Map<string, ControlDefinition[]>();
  for (const one of definitions)
    for (const key of one.keys) controlsOf.set(key, [...(controlsOf.get(key) ?? []), one]);
  const bySubscription = new Map(scores.map((one) => [one.subscription.id, one]));
  const total = totalWeight(scores.filter(({ max }) => max > 0));
  return (unhealthy) => {
    const gains: ScoreGain[] = [];
    const unknown = new Set<string>();
    for (const [id, affected] of Map.groupBy(unhealthy, ({ place }) => place.subscription.id)) {
      const score = bySubscription.get(id);
      const counts = countByControl(affected, controlsOf);
      if (score) gains.push(...gainsOf(score, counts));
      else if (counts.size > 0 || definitions.length === 0) unknown.add(id);
    }
    if (gains.length === 0)
      return unknown.size > 0 ? { kind: "unknown", unknown: [...unknown] } : { kind: "none" };
    const share = ({ subscription, percent }: ScoreGain) =>
      (percent * weightOf(bySubscription.get(subscription.id)!)) / total;
    return {
      kind: "gain",
      percent: gains.reduce((sum, gain) => sum + share(gain), 0),
      gains: gains.sort((a, b) => share(b) - share(a)),
      unknown: [...unknown],
    };
  };
}

/** How many affected resources each control counts, of those that have a definition. */
function countByControl(
  affected: readonly Affected[],
  controlsOf: ReadonlyMap<string, ControlDefinition[]>,
): Map<ControlDefinition, number> {
  const counts = new Map<ControlDefinition, number>();
  for (const { key } of affected)
    for (const one of controlsOf.get(key) ?? []) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** Points for a resource = the control's maximum ÷ its healthy and unhealthy resources [Defender docs, secure score]. */
function gainsOf(score: SecureScore, counts: ReadonlyMap<ControlDefinition, number>): ScoreGain[] {
  return [...counts].flatMap(([{ id, title }, affected]): ScoreGain[] => {
    const control = score.controls.find((one) => one.id === id);
    if (!control || control.max <= 0 || score.max <= 0) return [];
    const resources = control.healthy + control.unhealthy;
    // Controls are calculated every eight hours, recommendations more often: there may be more of the latter.
    const most = Math.min(affected, control.unhealthy);
    const points = resources === 0 ? 0 : Math.min((most * control.max) / resources, control.max);
    const { subscription } = score;
    return [{ subscription, title, control, points, percent: percentOf(points, score) }];
  });
}

const percentOf = (points: number, { max }: Points) => (points / max) * 100;
const weightOf = ({ weight }: SecureScore) => weight || 1;

function totalWeight(scores: readonly SecureScore[]): number {
  return scores.reduce((sum, one) => sum + weightOf(one), 0);
}
