import { bySeverity, type Severity, severities } from "../severity.ts";
import {
  type Assessment,
  type Recommendation,
  type RecommendationType,
  recommendationTypes,
} from "./recommendation.ts";

/**
 * Groups assessments to recommendations (see `recommendationOf`), the worst first: by severity, then by how many resources it is unhealthy on.
 * A recommendation takes the worst severity that any of its assessments has.
 */
export function groupAssessments(assessments: readonly Assessment[]): Recommendation[] {
  const groups = Map.groupBy(assessments, recommendationOf);
  return [...groups.values()]
    .map(toRecommendation)
    .sort(
      (a, b) => bySeverity(a.severity, b.severity) || b.unhealthy.length - a.unhealthy.length || order(a, b),
    );
}

/**
 * What makes assessments one recommendation: the key; but an individual recommendation ("Update openssl") has a key for
 * each image, and only its title says that it is the same [facts/defender.md section 3].
 */
export function recommendationOf({ key, type, title }: Pick<Assessment, "key" | "type" | "title">): string {
  return type === "vulnerability" ? `title:${title.toLowerCase()}` : `key:${key.toLowerCase()}`;
}

function toRecommendation(group: Assessment[]): Recommendation {
  const worstFirst = (a: Assessment, b: Assessment) =>
    bySeverity(a.severity, b.severity) || a.key.localeCompare(b.key, "en");
  const first = [...group].sort(worstFirst)[0]!;
  const count = (status: Assessment["status"]) => group.filter((one) => one.status === status).length;
  return {
    key: first.key,
    title: first.title,
    type: first.type,
    severity: first.severity,
    description: first.description,
    remediation: first.remediation,
    unhealthy: group.filter(({ status }) => status === "unhealthy").sort(bySince),
    healthy: count("healthy"),
    notApplicable: count("not-applicable"),
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
