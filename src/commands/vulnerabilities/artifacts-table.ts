import { artifactName, clustersOf, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { artifactLabel, someOf } from "../../message/findings/artifact.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, MenuOption, Part } from "../../message/message.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    caption: "Images and node pools, worst first",
    number: "#",
    name: "Image or node pool",
    place: "Registry",
    runs: "Runs in",
    critical: "Critical",
    high: "High",
    all: "All",
    open: "Show findings of …",
    fixable: "Fixable",
    exploits: "Exploit known",
  },
  ja: {
    caption: "イメージとノード プール (重要な順)",
    number: "#",
    name: "イメージまたはノード プール",
    place: "レジストリ",
    runs: "実行先",
    critical: "重大",
    high: "高",
    all: "合計",
    open: "検出結果を表示…",
    fixable: "修正可能",
    exploits: "エクスプロイトあり",
  },
});

const rowsShown = 1000;

/** Images and node pools, the worst first, and the way down to the first ones. */
export function artifactsTable(
  artifacts: readonly MatchedArtifact[],
  filters: Filters,
  language: Language,
): Part[] {
  const options = artifacts.slice(0, rowsShown).map((one, index) => wayDown(one, index, filters));
  return [
    table(artifacts, language),
    { actions: [{ label: say(language)("open"), menu: "select", options }] },
  ];
}

function table(artifacts: readonly MatchedArtifact[], language: Language): Part {
  const words = say(language);
  const rows = artifacts
    .slice(0, rowsShown)
    .map(({ artifact, counts, total, fixable, exploits }, index): Cell[] => [
      { number: index + 1 },
      artifactName(artifact),
      someOf(registriesOf(artifact), 2, language),
      someOf(clustersOf(artifact), 2, language),
      { number: counts.critical ?? 0 },
      { number: counts.high ?? 0 },
      { number: total },
      { number: fixable },
      { number: exploits },
    ]);
  const right = (["critical", "high", "all", "fixable", "exploits"] as const).map((key) => ({
    label: words(key),
    align: "right" as const,
  }));
  const left = (["name", "place", "runs"] as const).map((key) => ({ label: words(key) }));
  const columns = [{ label: words("number"), align: "right" as const }, ...left, ...right];
  return { table: { caption: words("caption"), columns, rows, total: artifacts.length, pageSize: 10 } };
}

function wayDown({ artifact }: MatchedArtifact, index: number, { severity, fixable }: Filters): MenuOption {
  return {
    label: `${index + 1}. ${artifactLabel(artifact)}`,
    line: commandLine(["vulnerabilities", artifact.key], { severity, fixable }),
  };
}
