import { clusterNamer, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { SeverityCounts } from "../../domain/findings/model/snapshot.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import { severities } from "../../domain/severity.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { countedText } from "../../message/findings/finding.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: {
    registries: "By registry",
    clusters: "By cluster",
    more: "and {{count}} more",
  },
  ja: {
    registries: "レジストリ別",
    clusters: "実行先のクラスター別",
    more: "ほか {{count}} 件",
  },
});

const placesShown = 5;

/** Open findings by registry and by running cluster, the worst first; an image in two of them counts in both. */
export function byPlace(artifacts: readonly MatchedArtifact[], language: Language): Part[] {
  return [
    ...places("registries", artifacts, registriesOf, language),
    ...places("clusters", artifacts, clusterNamer(artifacts.map(({ artifact }) => artifact)), language),
  ];
}

function places(
  title: "registries" | "clusters",
  artifacts: readonly MatchedArtifact[],
  namesOf: (artifact: MatchedArtifact["artifact"]) => string[],
  language: Language,
): Part[] {
  const groups = new Map<string, SeverityCounts[]>();
  for (const { artifact, counts, total } of artifacts) {
    if (total === 0) continue;
    for (const name of namesOf(artifact)) {
      const group = groups.get(name);
      if (group) group.push(counts);
      else groups.set(name, [counts]);
    }
  }
  // One place is what was asked about: the first line has its counts.
  if (groups.size < 2) return [];
  const sorted = [...groups].map(([name, all]) => ({ name, counts: addedCounts(all) })).sort(worstFirst);
  const lines = sorted
    .slice(0, placesShown)
    .map(({ name, counts }) => [{ strong: name }, `: ${countedText(counts, language)}`]);
  const left = sorted.length - placesShown;
  const list = left > 0 ? [...lines, say(language)("more", { count: left })] : lines;
  return [{ sentence: { strong: say(language)(title) } }, { list }];
}

/** The sum of counts, severity by severity. */
export function addedCounts(all: readonly SeverityCounts[]): SeverityCounts {
  const sum: SeverityCounts = {};
  for (const counts of all)
    for (const severity of severities)
      if (counts[severity]) sum[severity] = (sum[severity] ?? 0) + counts[severity];
  return sum;
}

function worstFirst(
  a: { name: string; counts: SeverityCounts },
  b: { name: string; counts: SeverityCounts },
): number {
  for (const severity of severities) {
    const difference = (b.counts[severity] ?? 0) - (a.counts[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.name < b.name ? -1 : 1;
}
