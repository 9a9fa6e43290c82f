import { controlPlane } from "./control-plane.ts";
import type { AlertTypeEntry, DetectingFeature, KnownAlertType } from "./known-alert-type.ts";
import { newerAlertTypes } from "./newer.ts";
import { workloadBehavior } from "./workload-behavior.ts";
import { workloadTools } from "./workload-tools.ts";

const documented = "Defender for Cloud documentation, alerts for containers (2024-09-10)";

/** The alert types of Defender for Containers, by id; those without one at the end. */
export const knownAlertTypes: readonly KnownAlertType[] = [
  ...of("workload-detection", [...workloadTools, ...workloadBehavior]),
  ...of("control-plane-detection", controlPlane),
  ...newerAlertTypes,
];

function of(feature: DetectingFeature, entries: readonly AlertTypeEntry[]): KnownAlertType[] {
  return entries.map((one) => ({ ...one, feature, source: documented }));
}

const byName = new Map(
  knownAlertTypes.toReversed().flatMap((known) => {
    const names = [known.id, known.title, ...(known.also ?? [])].filter((name) => name !== undefined);
    return names.map((name) => [plain(name), known] as const);
  }),
);

/** The entry of the catalogue, by its id or title in any letter case; ids go first. */
export function findAlertType(...names: readonly string[]): KnownAlertType | undefined {
  for (const name of names) {
    const known = byName.get(plain(name));
    if (known) return known;
  }
  return undefined;
}

/** Titles differ in remarks: a sample alert's begins with one, a preview's ends with one. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[[^\]]{0,40}\]/, "")
    .replace(/\(preview\)/, "")
    .replace(/\s+/g, " ")
    .trim();
}
