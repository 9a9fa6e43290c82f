import type { Located } from "../scope.ts";
import type { Severity } from "../severity.ts";

export const recommendationTypes = ["control-plane", "data-plane", "vulnerability"] as const;
export type RecommendationType = (typeof recommendationTypes)[number];
export type RecommendationStatus = "healthy" | "unhealthy" | "not-applicable" | "unknown";

/** One assessment: one recommendation seen on one resource. */
export type Assessment = {
  /** The key of the recommendation: the same for every resource that it is seen on. */
  key: string;
  title: string;
  type: RecommendationType;
  severity: Severity;
  status: RecommendationStatus;
  /** Why it is not applicable or unhealthy, where Azure says. */
  cause: string;
  since?: string;
  resource: { id: string; name: string; kind: string };
  place: Located;
  description: string;
  remediation: string;
  portal?: string;
};

export type Recommendation = {
  key: string;
  title: string;
  type: RecommendationType;
  severity: Severity;
  description: string;
  remediation: string;
  unhealthy: Assessment[];
  healthy: number;
  notApplicable: number;
};
