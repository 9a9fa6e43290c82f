import { atOnce, type Steps } from "../../text/yield-to-event-loop.ts";
import { findRecommendation, plainName } from "../catalogue/find-recommendation.ts";
import { bySeverity, type Severity, severities } from "../severity.ts";
import {
  type Assessment,
  type Recommendation,
  type RecommendationType,
  recommendationTypes,
} from "./recommendation.ts";
import { countedOnce, isWholeCluster } from "./recommendation-generations.ts";

/** What an assessment costs, in the unit of `Steps`. */
const assessmentWork = 10;

/**
 * Groups assessments to recommendations (see `recommendationOf`), the worst first: by severity, by risk level, then by how many resources it is unhealthy on.
 * A recommendation takes the worst severity that any of its assessments has.
 */
export function groupAssessments(assessments: readonly Assessment[]): Recommendation[] {
  return atOnce(groupAssessmentsSteps(assessments));
}

/** The same in steps, for an estate of any size. */
export function* groupAssessmentsSteps(assessments: readonly Assessment[]): Steps<Recommendation[]> {
  // Of thousands of assessments many are about the same: what they belong to is looked up once.
  const known = new Map<string, string>();
  const groups = Map.groupBy(assessments, (one) => {
    const about = `${one.type}|${one.key}|${one.policy}|${one.title}`;
    const group = known.get(about) ?? recommendationOf(one);
    known.set(about, group);
    return group;
  });
  yield assessments.length;
  const recommendations: Recommendation[] = [];
  for (const group of groups.values()) {
    recommendations.push(toRecommendation(group));
    yield group.length * assessmentWork;
  }
  return recommendations.sort(
    (a, b) =>
      bySeverity(a.severity, b.severity) ||
      bySeverity(a.risk ?? "unknown", b.risk ?? "unknown") ||
      b.unhealthy.length - a.unhealthy.length ||
      order(a, b),
  );
}

/**
 * What makes assessments one recommendation: the key; but an individual recommendation ("Update openssl") has a key for
 * each image, and only its title says that it is the same. The two generations of a data plane recommendation have a key
 * each: their policy or their name says that they are one [Defender docs, release notes of July 2026].
 */
export function recommendationOf(one: Pick<Assessment, "key" | "type" | "title" | "policy">): string {
  const { key, type, title, policy = "" } = one;
  if (type === "vulnerability") return `title:${title.toLowerCase()}`;
  if (type === "control-plane") return `key:${key.toLowerCase()}`;
  const known = findRecommendation({ key, policy, title, category: "" });
  return `title:${plainName(known?.name ?? title)}`;
}

function toRecommendation(all: Assessment[]): Recommendation {
  const group = countedOnce(all);
  // Of the two generations, the newer one says what the recommendation is called and how it is closed.
  const worstFirst = (a: Assessment, b: Assessment) =>
    bySeverity(a.severity, b.severity) || a.key.localeCompare(b.key, "en");
  const newer = group.filter((one) => !isWholeCluster(one));
  const first = (newer.length > 0 ? newer : group).reduce((best, one) =>
    worstFirst(one, best) < 0 ? one : best,
  );
  const worst = group.reduce(
    (most, { severity }) => (bySeverity(severity, most) < 0 ? severity : most),
    first.severity,
  );
  const some = (about: "description" | "remediation") =>
    first[about] || (group.find((one) => one[about])?.[about] ?? "");
  const count = (status: Assessment["status"]) => group.filter((one) => one.status === status).length;
  const unhealthy = group.filter(({ status }) => status === "unhealthy").sort(bySince);
  const [risk] = unhealthy.flatMap((one) => one.risk ?? []).sort(bySeverity);
  return {
    key: first.key,
    title: first.title,
    type: first.type,
    severity: worst,
    ...(risk && { risk }),
    description: some("description"),
    remediation: some("remediation"),
    unhealthy,
    healthy: count("healthy"),
    notApplicable: count("not-applicable"),
    // "Exempt" is the cause of an exempted assessment [assessments 2021-06-01, AssessmentStatus.cause].
    exempt: group.filter(({ status, cause }) => status === "not-applicable" && /^exempt/i.test(cause)),
    unknown: count("unknown"),
  };
}

export type SeverityTypeCounts = {
  severity: Severity;
  counts: Record<RecommendationType, number>;
  total: number;
}[];

/** Open recommendations by severity and type; severities without any are left out. */
export function countRecommendations(recommendations: readonly Recommendation[]): SeverityTypeCounts {
  const open = recommendations.filter(({ unhealthy }) => unhealthy.length > 0);
  return severities
    .map((severity) => {
      const same = open.filter((one) => one.severity === severity);
      const counts = Object.fromEntries(
        recommendationTypes.map((type) => [type, same.filter((one) => one.type === type).length]),
      ) as Record<RecommendationType, number>;
      return { severity, counts, total: same.length };
    })
    .filter(({ total }) => total > 0);
}

function bySince(a: Assessment, b: Assessment): number {
  return (a.since ?? "").localeCompare(b.since ?? "") || a.resource.name.localeCompare(b.resource.name, "en");
}

function order(a: Recommendation, b: Recommendation): number {
  return a.title.localeCompare(b.title, "en");
}
