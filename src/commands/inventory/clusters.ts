import { helmInstalled } from "../../domain/coverage/coverage.ts";
import type { ClusterItem } from "../../domain/inventory/inventory.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import { countCell, countColumns, severityCells, severityNumbers } from "./severity-cells.ts";
import type { View } from "./view.ts";

const say = sentences({
  en: {
    cluster: "Cluster",
    version: "Version",
    pools: "Node pools",
    private: "Private",
    sensor: "Sensor",
    workloads: "Workloads",
    images: "Images",
    subscription: "Subscription",
    yes: "Yes",
    no: "No",
    on: "On",
    off: "Off",
    unknown: "Unknown",
    helm: "Helm",
  },
  ja: {
    cluster: "クラスター",
    version: "バージョン",
    pools: "ノード プール",
    private: "プライベート",
    sensor: "センサー",
    workloads: "ワークロード",
    images: "イメージ",
    subscription: "サブスクリプション",
    yes: "はい",
    no: "いいえ",
    on: "オン",
    off: "オフ",
    unknown: "不明",
    helm: "Helm",
  },
});

const poolsShown = 3;

/** Clusters: version, node pools, whether the API server is private, the sensor, what runs there. */
export const clusterView: View<ClusterItem> = {
  items: ({ clusters }) => clusters,
  texts: ({ cluster: { name, kubernetesVersion, location, resourceGroup, subscription, pools = [] } }) => [
    name,
    kubernetesVersion,
    location,
    resourceGroup,
    subscription.name,
    ...pools.map((pool) => pool.name),
  ],
  columns(language) {
    const words = say(language);
    const left = (key: "cluster" | "version" | "pools" | "private" | "sensor") => ({ label: words(key) });
    return [
      ...(["cluster", "version", "pools", "private", "sensor"] as const).map(left),
      { label: words("workloads"), align: "right" },
      { label: words("images"), align: "right" },
      ...countColumns(language),
      { label: words("subscription") },
    ];
  },
  row(item, language) {
    const { cluster, workloads, images, counts } = item;
    const words = say(language);
    return [
      cluster.name,
      cluster.kubernetesVersion || "–",
      poolsText(cluster, language),
      words(cluster.private ? "yes" : "no"),
      words(sensorOf(item)),
      countCell(workloads),
      countCell(images),
      ...severityCells(counts),
      cluster.subscription.name,
    ];
  },
  option: ({ cluster: { name } }) => ({
    label: name,
    line: commandLine(["inventory", `cluster:${name}`], { kind: "workloads" }),
  }),
  header:
    "cluster,version,nodePools,linuxNodes,windowsNodes,private,sensor,workloads,images,critical,high,location,resourceGroup,subscription,id".split(
      ",",
    ),
  csv(item) {
    const { cluster, workloads, images, counts } = item;
    const nodes = cluster.nodes.known ? cluster.nodes.value : undefined;
    return [
      cluster.name,
      cluster.kubernetesVersion,
      (cluster.pools ?? []).map(({ name, os, count }) => `${name} (${os}) ${count}`).join("; "),
      nodes?.linux ?? "",
      nodes?.windows ?? "",
      cluster.private ? "yes" : "no",
      sensorOf(item),
      workloads,
      images,
      ...severityNumbers(counts),
      cluster.location,
      cluster.resourceGroup ?? "",
      cluster.subscription.name,
      cluster.id,
    ];
  },
};

/** What was asked for; that its pods run, only the cluster itself says. */
function sensorOf({ cluster, plan }: ClusterItem): "on" | "off" | "unknown" | "helm" {
  const { sensorProfile } = cluster;
  if (sensorProfile.known && sensorProfile.value === "on") return "on";
  if (helmInstalled(cluster, plan)) return "helm";
  return sensorProfile.known ? sensorProfile.value : "unknown";
}

function poolsText({ pools }: ClusterItem["cluster"], language: Language): string {
  if (!pools) return say(language)("unknown");
  const shown = pools.slice(0, poolsShown).map(({ name, count }) => `${name} × ${count}`);
  const more = pools.length - poolsShown;
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join(", ") || "–";
}
