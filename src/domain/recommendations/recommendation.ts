import type { Read, Unread } from "../reading/reading.ts";
import type { Located } from "../scope/scope.ts";
import type { Severity } from "../severity.ts";
import type { SecureScores } from "./secure-score.ts";

export const recommendationTypes = ["control-plane", "data-plane", "vulnerability"] as const;
export type RecommendationType = (typeof recommendationTypes)[number];
export type RecommendationStatus = "healthy" | "unhealthy" | "not-applicable" | "unknown";

/** A subscription without recommendations, because nothing assesses it, or because that is unknown. */
export type Unassessed = {
  id: string;
  name: string;
  /** Of Foundational CSPM, which makes the recommendations [Defender docs, opt in to Foundational CSPM]. */
  state: "off" | "unknown";
  /** Why it is unknown. */
  detail: string;
};

/** What was assessed, and where nothing was although it could be read. */
export type AssessmentsRead = Read<Assessment[]> & Omit<Assessments, "assessments">;
export type Assessments = {
  assessments: Assessment[];
  unassessed: Unassessed[];
  /** Absent in a reading that an older version stored. */
  scores?: SecureScores;
};

/** One assessment: one recommendation seen on one resource. */
export type Assessment = {
  /** The key of the recommendation: the same for every resource that it is seen on. */
  key: string;
  title: string;
  /** GUID of its policy definition, lower case. */
  policy?: string;
  type: RecommendationType;
  severity: Severity;
  /** Defender CSPM's risk level of it on this resource, where that has one. */
  risk?: Severity;
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
  /** The worst risk level of what it is unhealthy on. */
  risk?: Severity;
  description: string;
  remediation: string;
  unhealthy: Assessment[];
  healthy: number;
  notApplicable: number;
  /** Those of the not applicable ones that someone exempted. */
  exempt: Assessment[];
  /** Whose state is none that is documented. */
  unknown: number;
};

/** One object in a cluster that violates the policy of a recommendation. */
export type AffectedObject = {
  cluster: string;
  kind: string;
  /** With its namespace, where Azure says it. */
  name: string;
  /** ISO; when it was evaluated. */
  evaluated?: string;
};

/** `left`: how many more there are; `asked`: of how many of the clusters; `unread`: those of them that could not be read. */
export type AffectedObjects = { objects: AffectedObject[]; left: number; asked: number; unread: Unread[] };
