import type { Located } from "../scope/scope.ts";

/**
 * The worst first. `manual`: Defender has no assessment for it, so that someone has to check it ("Unsupported" in the
 * API, greyed out in the portal).
 */
export const controlStates = ["failed", "unknown", "passed", "skipped", "manual"] as const;
export type ControlState = (typeof controlStates)[number];

/** One control of a standard in one subscription; the counts are those of its assessments. */
export type Control = { id: string; state: ControlState; failed: number; passed: number; skipped: number };

/** A standard as one subscription is assessed against it. */
export type StandardReading = {
  /** The resource's name in lower case: the same in each subscription. */
  key: string;
  /** As people read it. */
  name: string;
  subscription: Located["subscription"];
  controls: Control[];
  /** Controls that it has by its own count, and that were not among those that were read. */
  missing: number;
};

/** What the controls of a standard are called, by their ids. */
export type StandardTitles = { key: string; titles: Record<string, string> };

export type Compliance = { standards: StandardReading[]; titles: StandardTitles[] };

/** One assessment below a control, in one subscription; the counts are those of its resources. */
export type ControlAssessment = {
  key: string;
  title: string;
  /** `category`: all individual recommendations of a category; `microsoft`: Microsoft's own responsibility. */
  kind: "assessment" | "category" | "microsoft" | "manual";
  state: ControlState;
  failed: number;
  passed: number;
  skipped: number;
  subscription: Located["subscription"];
};

/** What an assessment says of one resource, whatever its kind. */
export type AssessedResource = {
  id: string;
  name: string;
  kind: string;
  status: "healthy" | "unhealthy" | "not-applicable" | "unknown";
  cause: string;
  since?: string;
  title: string;
  place: Located;
};

let numeric: Intl.Collator | undefined;

/** `4.2.10` after `4.2.9`. Making the first collator of a process takes milliseconds: a start has no need of it. */
export function compareControls(a: string, b: string): number {
  numeric ??= new Intl.Collator("en", { numeric: true });
  return numeric.compare(a, b);
}
