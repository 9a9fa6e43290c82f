import type { TechniqueProofs } from "./attack-proofs.ts";

/** A layer for MITRE's ATT&CK Navigator [layer file format 4.5, mitre-attack/attack-navigator]. */
export type NavigatorLayer = {
  name: string;
  versions: { navigator: string; layer: "4.5" };
  domain: "enterprise-attack";
  description: string;
  sorting: number;
  techniques: {
    techniqueID: string;
    score?: number;
    comment: string;
    enabled: true;
    metadata: { name: string; value: string }[];
    links: { label: string; url: string }[];
    showSubtechniques: boolean;
  }[];
  gradient: { colors: string[]; minValue: number; maxValue: number };
  legendItems: { label: string; color: string }[];
};

export type LayerWords = { name: string; description: string; proven: string; missed: string; never: string };

const colors = { missed: "#ff6666", some: "#ffe766", proven: "#8ec843" };
const mostClusters = 50;
const matrix = "https://microsoft.github.io/Threat-Matrix-for-Kubernetes/";

/**
 * Techniques of ATT&CK that the matrix names; one that several of its techniques name has the proofs of all of them. The
 * score is the share of clusters, in percent, on which detection was proven last; what no run tried has none.
 * @param clusters how many there are
 */
export function navigatorLayer(
  all: readonly TechniqueProofs[],
  clusters: number,
  words: LayerWords,
): NavigatorLayer {
  const named = all.flatMap((one) => one.technique.attack.map((attack) => ({ attack, ...one })));
  const parents = new Set(named.map(({ attack }) => attack.split(".")[0]!));
  const techniques = [...Map.groupBy(named, ({ attack }) => attack)].map(([attack, some]) => {
    const proofs = some.flatMap((one) => one.proofs);
    const byCluster = Map.groupBy(proofs, ({ clusterId }) => clusterId.toLowerCase());
    const states = [...byCluster.values()].map(
      (mine) => mine.find(({ state }) => state === "proven") ?? mine[0]!,
    );
    const proven = states.filter(({ state }) => state === "proven").length;
    const score = Math.round((100 * proven) / Math.max(clusters, states.length, 1));
    return {
      techniqueID: attack,
      ...(states.length > 0 && { score }),
      comment: some.map(({ technique: { id, name } }) => `${id} ${name}`).join("; "),
      enabled: true as const,
      metadata:
        states.length > 0
          ? states.slice(0, mostClusters).map(({ cluster, at, state, alert, run }) => ({
              name: cluster,
              value: `${words[state]} ${at.slice(0, 10)}: ${alert} (${run})`,
            }))
          : [{ name: "Breakwater", value: words.never }],
      links: [{ label: "Threat Matrix for Kubernetes", url: matrix }],
      showSubtechniques: !attack.includes(".") && parents.has(attack),
    };
  });
  return {
    name: words.name,
    versions: { navigator: "5.2.0", layer: "4.5" },
    domain: "enterprise-attack",
    description: words.description,
    sorting: 3,
    techniques,
    gradient: { colors: Object.values(colors), minValue: 0, maxValue: 100 },
    legendItems: [
      { label: words.proven, color: colors.proven },
      { label: words.missed, color: colors.missed },
    ],
  };
}
