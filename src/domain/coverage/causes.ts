import { features } from "../catalogue/features.ts";
import type { FeatureMatrix } from "./feature-matrix.ts";
import { type Gap, type GapKind, gapKinds } from "./gap.ts";

/** One cause with everything that it keeps from working. `what`: which extension, where that tells causes apart. */
export type Cause = { kind: GapKind; what?: string; gaps: Gap[] };

/** Every gap once, those of features that are off or partial included; the most weighty kind first. */
export function allGaps(gaps: readonly Gap[], matrix: FeatureMatrix): Gap[] {
  // Places of a subscription share what follows from its plans: each such gap is looked at once.
  const gapsSeen = new Set<Gap>();
  for (const { cells } of [...matrix.clusters, ...matrix.registries, ...matrix.subscriptions])
    cells.forEach(({ value, because }, index) => {
      if (features[index]!.group !== "newer" && (value === "off" || value === "partial"))
        for (const { gap } of because) if (gap && !gap.kind.endsWith("unknown")) gapsSeen.add(gap);
    });
  const key = ({ kind, what, on }: Gap) => `${kind}|${kind.startsWith("extension") ? what : ""}|${on.id}`;
  const unique = new Map([...gapsSeen, ...gaps].map((gap) => [key(gap), gap]));
  return [...unique.values()].sort((a, b) => gapKinds.indexOf(a.kind) - gapKinds.indexOf(b.kind));
}

/** Gaps with the same cause together: the most weighty first, of two alike the one that concerns more. */
export function groupCauses(gaps: readonly Gap[]): Cause[] {
  const groups = Map.groupBy(gaps, ({ kind, what }) =>
    kind.startsWith("extension") ? `${kind}|${what}` : kind,
  );
  return [...groups.values()]
    .map((same): Cause => {
      const { kind, what } = same[0]!;
      return { kind, ...(kind.startsWith("extension") && what && { what }), gaps: same };
    })
    .sort((a, b) => gapKinds.indexOf(a.kind) - gapKinds.indexOf(b.kind) || b.gaps.length - a.gaps.length);
}
