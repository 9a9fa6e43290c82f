import { artifactName, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { WorkloadItem } from "../../domain/inventory/inventory.ts";
import { sentences } from "../../locales/sentences.ts";
import { someOf } from "../../message/findings/artifact.ts";
import { commandLine } from "../../message/line.ts";
import { countColumns, severityCells } from "./severity-cells.ts";
import type { View } from "./view.ts";

const say = sentences({
  en: {
    workload: "Workload",
    namespace: "Namespace",
    cluster: "Cluster",
    images: "Images",
    registry: "Registry",
    subscription: "Subscription",
  },
  ja: {
    workload: "ワークロード",
    namespace: "名前空間",
    cluster: "クラスター",
    images: "イメージ",
    registry: "レジストリ",
    subscription: "サブスクリプション",
  },
});

/** Running workloads with the images that they run. */
export const workloadView: View<WorkloadItem> = {
  items: ({ workloads }) => workloads,
  texts: ({ place, namespace, workload, containers, artifacts }) => [
    place.cluster,
    place.subscription.name,
    `${namespace}/${workload}`,
    ...containers,
    ...artifacts.flatMap(({ artifact }) => [
      artifact.key,
      artifactName(artifact),
      ...artifact.places.map(({ registry, repository }) => `${registry}/${repository}`),
    ]),
  ],
  columns(language) {
    const words = say(language);
    return [
      ...(["workload", "namespace", "cluster", "images", "registry"] as const).map((key) => ({
        label: words(key),
      })),
      ...countColumns(language),
      { label: words("subscription") },
    ];
  },
  row: ({ place, namespace, workload, artifacts, counts }, language) => [
    workload || "–",
    namespace || "–",
    place.cluster,
    someOf(
      artifacts.map(({ artifact }) => artifactName(artifact)),
      2,
      language,
    ),
    someOf([...new Set(artifacts.flatMap(({ artifact }) => registriesOf(artifact)))], 2, language),
    ...severityCells(counts),
    place.subscription.name,
  ],
  option: ({ namespace, workload, place, artifacts }) => ({
    label: `${place.cluster} / ${namespace} / ${workload}`,
    line:
      artifacts.length === 1
        ? commandLine(["vulnerabilities", artifacts[0]!.artifact.key])
        : commandLine(["inventory", `cluster:${place.cluster}`], {
            kind: "images",
            search: `${namespace} ${workload}`,
          }),
  }),
  header:
    "workload,namespace,cluster,containers,images,digests,registries,critical,high,subscription,resourceGroup".split(
      ",",
    ),
  csv: ({ place, namespace, workload, containers, artifacts, counts }) => [
    workload,
    namespace,
    place.cluster,
    containers.join(" "),
    artifacts.map(({ artifact }) => artifactName(artifact)).join(" "),
    artifacts.map(({ artifact }) => artifact.key).join(" "),
    [...new Set(artifacts.flatMap(({ artifact }) => registriesOf(artifact)))].join(" "),
    counts.critical ?? 0,
    counts.high ?? 0,
    place.subscription.name,
    place.resourceGroup ?? "",
  ],
};
