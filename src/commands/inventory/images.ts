import { artifactName, clustersOf, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import { sentences } from "../../locales/sentences.ts";
import { artifactLabel, someOf, useText } from "../../message/findings/artifact.ts";
import { commandLine } from "../../message/line.ts";
import { countColumns, severityCells } from "./severity-cells.ts";
import type { View } from "./view.ts";

const say = sentences({
  en: {
    image: "Image",
    digest: "Digest",
    registry: "Registry",
    tags: "Tags",
    pushed: "Pushed",
    scanned: "Scanned",
    runs: "Runs in",
    all: "Findings",
  },
  ja: {
    image: "イメージ",
    digest: "ダイジェスト",
    registry: "レジストリ",
    tags: "タグ",
    pushed: "プッシュ",
    scanned: "スキャン",
    runs: "実行先",
    all: "検出結果",
  },
});

const digestShown = 19;

/** Images: digest, tags, when they were pushed and scanned, findings, and where they run. */
export const imageView: View<MatchedArtifact> = {
  items: ({ images }) => images,
  texts: ({ artifact }) => [
    artifact.key,
    artifactName(artifact),
    ...artifact.places.flatMap(({ registry, repository, tags = [], subscription }) => [
      `${registry}/${repository}`,
      ...tags.map((tag) => `${repository}:${tag}`),
      subscription.name,
    ]),
    ...artifact.uses.flatMap((use) => [use.cluster, use.namespace, use.workload, use.container]),
  ],
  columns(language) {
    const words = say(language);
    return [
      ...(["image", "digest", "registry", "tags", "pushed", "scanned", "runs"] as const).map((key) => ({
        label: words(key),
      })),
      ...countColumns(language),
      { label: words("all"), align: "right" },
    ];
  },
  row: ({ artifact, counts, total }, language) => [
    artifactName(artifact),
    artifact.key.slice(0, digestShown),
    someOf(registriesOf(artifact), 2, language),
    someOf(tagsOf(artifact), 3, language),
    pushedOf(artifact)?.slice(0, 10) ?? "–",
    artifact.scanned?.slice(0, 10) ?? "–",
    someOf(clustersOf(artifact), 2, language),
    ...severityCells(counts),
    { number: total },
  ],
  option: ({ artifact }) => ({
    label: artifactLabel(artifact),
    line: commandLine(["vulnerabilities", artifact.key]),
  }),
  header:
    "image,digest,registries,repositories,tags,pushed,scanned,clusters,workloads,critical,high,medium,low,findings,exempted".split(
      ",",
    ),
  csv: ({ artifact, counts, total }) => [
    artifactName(artifact),
    artifact.key,
    registriesOf(artifact).join(" "),
    [...new Set(artifact.places.map(({ repository }) => repository))].join(" "),
    tagsOf(artifact).join(" "),
    pushedOf(artifact) ?? "",
    artifact.scanned ?? "",
    clustersOf(artifact).join(" "),
    artifact.uses.map(useText).join("; "),
    counts.critical ?? 0,
    counts.high ?? 0,
    counts.medium ?? 0,
    counts.low ?? 0,
    total,
    artifact.exempted,
  ],
};

function tagsOf({ places }: MatchedArtifact["artifact"]): string[] {
  return [...new Set(places.flatMap(({ tags = [] }) => tags))];
}

/** When it was pushed last, to any registry. */
function pushedOf({ places }: MatchedArtifact["artifact"]): string | undefined {
  return places
    .map(({ pushed }) => pushed)
    .filter((one) => one !== undefined)
    .sort()
    .at(-1);
}
