import type { Severity } from "../../severity.ts";
import type { Words } from "../words.ts";

/** What detects it: a feature of the catalogue. */
export type DetectingFeature =
  | "workload-detection"
  | "control-plane-detection"
  | "binary-drift"
  | "dns-detection"
  | "node-malware";

/** One alert type of Defender for Containers. */
export type KnownAlertType = {
  /** None where the documentation and Microsoft's tool name it by its title only. */
  id?: string;
  title: string;
  also?: readonly string[];
  severity: Severity;
  /** As the alerts API writes them. */
  tactics: readonly string[];
  /** Ids of the Threat Matrix for Kubernetes; matched by Breakwater, by what each says of itself. */
  techniques: readonly string[];
  feature: DetectingFeature;
  means: Words;
  preview?: true;
  source: string;
};

/** What a list of the catalogue says of each; the rest is the same for all of it. */
export type AlertTypeEntry = Omit<KnownAlertType, "feature" | "source">;
