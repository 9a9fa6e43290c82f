import type { Evidence } from "../reading/reading.ts";

/** What keeps Defender for Containers from covering something, or keeps us from knowing. */
export const gapKinds = [
  "plan-off",
  "plan-unknown",
  "extension-off",
  "extension-failed",
  "extension-unknown",
  "sensor-off",
  "sensor-not-ready",
  "sensor-old",
  "sensor-unknown",
  "sensor-helm",
  "sensor-excluded",
  "workspace-missing",
  "no-results",
  "policy-off",
  "policy-not-ready",
  "policy-unknown",
  "foundational-off",
  "provisioning-missing",
  "provisioning-localised",
  "provisioning-unknown",
  "workspace-other",
  "managed-elsewhere",
  "stopped",
  "standard-off",
  "gating-off",
  "antimalware-off",
  "sensor-not-helm",
  "version-old",
  "creating",
  "foundational-unknown",
  "standard-unknown",
  "workspace-unknown",
  "sensor-unchecked",
  "drift-rule-unknown",
] as const;
export type GapKind = (typeof gapKinds)[number];

export type Gap = {
  kind: GapKind;
  /** The subscription, cluster or registry that it is a gap of. */
  on: { kind: "subscription" | "cluster" | "registry"; id: string; name: string };
  subscription: { id: string; name: string };
  /** The extension, the assignment, the other workspace: what exactly. */
  what?: string;
  /** Azure's or our own words on it. */
  detail?: string;
  evidence?: Evidence;
};

/** Of a cluster or registry, what its own plan lacks: what is set at the subscription doesn't reach it. */
export function isOfOwnPlan({ kind, on }: Pick<Gap, "kind" | "on">): boolean {
  return on.kind !== "subscription" && /^(?:plan-off|extension-off|extension-failed)$/.test(kind);
}
