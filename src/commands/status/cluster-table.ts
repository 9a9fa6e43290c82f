import type { FeatureGroup } from "../../domain/catalogue/features.ts";
import { neverHadSensor } from "../../domain/coverage/coverage.ts";
import type { ClusterStatus } from "../../domain/coverage/coverage-summary.ts";
import { countGroup, type FeatureMatrix } from "../../domain/coverage/feature-matrix.ts";
import { readyNodes } from "../../domain/coverage/pod-evidence.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { groupWord, shareWords, switchWord } from "../../message/coverage/feature-words.ts";
import type { Cell, Part } from "../../message/message.ts";

const say = sentences({
  en: {
    clusters: "Clusters",
    cluster: "Cluster",
    subscription: "Subscription",
    covered: "Covered",
    sensor: "Sensor",
    policy: "Policy add-on",
    notes: "Notes",
    yes: "yes",
    no: "no",
    "?": "unknown",
    private: "private",
    stopped: "stopped",
    excluded: "excluded by tag",
    own: "own plan",
    ready_one: "ready on {{ready}} of {{count}} node",
    ready_other: "ready on {{ready}} of {{count}} nodes",
  },
  ja: {
    clusters: "クラスター",
    cluster: "クラスター",
    subscription: "サブスクリプション",
    covered: "保護",
    sensor: "センサー",
    policy: "Policy アドオン",
    notes: "備考",
    yes: "あり",
    no: "なし",
    "?": "不明",
    private: "プライベート",
    stopped: "停止中",
    excluded: "タグで除外",
    own: "個別のプラン",
    ready_other: "{{count}} ノード中 {{ready}} ノードで準備完了",
  },
});

const tableGroups = ["posture", "vulnerability", "runtime"] as const;

/** Every cluster, those that are not covered first, with how many features of each group are on. */
export function clusterTable(
  clusters: readonly ClusterStatus[],
  matrix: FeatureMatrix,
  language: Language,
): Part {
  const words = say(language);
  const verdicts = { covered: words("yes"), "not-covered": words("no"), unknown: words("?") };
  const worst = { "not-covered": 0, unknown: 1, covered: 2 };
  const places = new Map(matrix.clusters.map((place) => [place.on.id, place]));
  const share = (id: string, group: FeatureGroup) => {
    const place = places.get(id);
    return place ? shareWords(countGroup([place], group), language) : words("?");
  };
  const rows = [...clusters]
    .sort((a, b) => worst[a.verdict] - worst[b.verdict] || a.cluster.name.localeCompare(b.cluster.name, "en"))
    .map(({ cluster, verdict }): Cell[] => [
      cluster.name,
      cluster.subscription.name,
      verdicts[verdict],
      sensorWord(cluster, language),
      switchWord(cluster.policyAddon, language),
      ...tableGroups.map((group) => share(cluster.id, group)),
      notes(cluster, language) || "–",
    ]);
  const before = ["cluster", "subscription", "covered", "sensor", "policy"] as const;
  const labels = [
    ...before.map((key) => words(key)),
    ...tableGroups.map((group) => groupWord(group, language)),
    words("notes"),
  ];
  return {
    table: {
      caption: words("clusters"),
      columns: labels.map((label) => ({ label })),
      rows,
      pageSize: 10,
    },
  };
}

/** What the profile says, or on how many nodes the sensor is ready where that was seen. */
function sensorWord(cluster: ClusterStatus["cluster"], language: Language): string {
  const { pods, sensorProfile } = cluster;
  const profile = switchWord(sensorProfile, language);
  if (!pods?.known || neverHadSensor(cluster)) return profile;
  const { ready, wanted, unknown } = readyNodes(pods.value);
  return unknown > 0 || ready === wanted ? profile : say(language)("ready", { ready, count: wanted });
}

function notes(cluster: ClusterStatus["cluster"], language: Language): string {
  const words = say(language);
  const { power, excluded } = cluster;
  const said = [
    cluster.private ? words("private") : "",
    power.known && power.value === "stopped" ? words("stopped") : "",
    excluded.known && excluded.value ? words("excluded") : "",
    cluster.plan?.plan.known ? words("own") : "",
  ];
  return formatItems(said.filter(Boolean), language);
}
