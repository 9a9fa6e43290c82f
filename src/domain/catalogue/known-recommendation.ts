import type { RecommendationType } from "../recommendations/recommendation.ts";
import type { Severity } from "../severity.ts";

/** One recommendation of Defender for Containers; `until`: last day on which the documentation listed it. */
export type KnownRecommendation = {
  name: string;
  nameJa?: string;
  /** Other names of it: pages and generations differ. */
  also?: readonly string[];
  type: RecommendationType;
  severity: Severity;
  key?: string;
  /** GUID of its policy definition. */
  policy?: string;
  until?: string;
};
