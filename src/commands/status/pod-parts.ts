import { type NodeLimit, nodeLimits } from "../../domain/catalogue/nodes.ts";
import type { ClusterCoverage } from "../../domain/coverage/coverage.ts";
import type { ComponentState, PodEvidence } from "../../domain/coverage/pod-evidence.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    pods: "Pods in {{name}}",
    component: "{{pods}} ({{namespace}}): {{ready}} of {{desired}} ready",
    restarts_one: "{{count}} restart",
    restarts_other: "{{count}} restarts",
    memory_one: "{{count}} out-of-memory kill",
    memory_other: "{{count}} out-of-memory kills",
    version: "version {{version}}",
    templates_one: "{{count}} constraint template",
    templates_other: "{{count}} constraint templates",
    "templates-unknown": "Constraint templates: unknown because {{why}}",
    results_one: "{{count}} result about its containers in Defender",
    results_other: "{{count}} results about its containers in Defender",
    "results-unknown": "Results in Defender: unknown because {{why}}",
    "left-out": "Nodes without a ready sensor: {{names}}",
    node: "{{name}} ({{why}})",
    ready: "ready",
    "not-ready": "not ready",
    absent: "no pod",
    unknown: "unknown",
    unread: "Pods: unknown because {{why}}",
  },
  ja: {
    pods: "{{name}} のポッド",
    component: "{{pods}} ({{namespace}}): {{desired}} 個中 {{ready}} 個が準備完了",
    restarts_other: "再起動 {{count}} 回",
    memory_other: "メモリ不足による強制終了 {{count}} 回",
    version: "バージョン {{version}}",
    templates_other: "制約テンプレート {{count}} 個",
    "templates-unknown": "制約テンプレート: 不明 ({{why}})",
    results_other: "Defender にあるコンテナーの結果 {{count}} 件",
    "results-unknown": "Defender にある結果: 不明 ({{why}})",
    "left-out": "センサーが準備完了でないノード: {{names}}",
    node: "{{name}} ({{why}})",
    ready: "準備完了",
    "not-ready": "準備未完了",
    absent: "ポッドなし",
    unknown: "不明",
    unread: "ポッド: 不明 ({{why}})",
  },
});

const nodesShown = 10;

/** What runs of Defender and Azure Policy in the clusters that were looked at, or why that is unknown. */
export function podParts(clusters: readonly ClusterCoverage[], language: Language): Part[] {
  const words = say(language);
  return clusters.flatMap(({ name, pods, assessed }): Part[] => {
    if (!pods) return [];
    const lines = pods.known ? podLines(pods.value, language) : [words("unread", { why: pods.why })];
    if (assessed)
      lines.push(
        assessed.known
          ? words("results", { count: assessed.value })
          : words("results-unknown", { why: assessed.why }),
      );
    return [{ sentence: { strong: words("pods", { name }) } }, { list: lines }];
  });
}

function podLines({ components, constraintTemplates, nodes }: PodEvidence, language: Language): Sentence[] {
  const words = say(language);
  const left = nodes.filter(({ sensor }) => sensor !== "ready");
  const names = left
    .slice(0, nodesShown)
    .map(({ name, sensor, leftOut }) =>
      words("node", { name, why: limitWord(leftOut, language) ?? words(sensor) }),
    );
  return [
    ...(components.known
      ? components.value.map((one) => componentLine(one, language))
      : [words("unread", { why: components.why })]),
    constraintTemplates.known
      ? words("templates", { count: constraintTemplates.value })
      : words("templates-unknown", { why: constraintTemplates.why }),
    ...(left.length > 0
      ? [
          `${words("left-out", { names: formatItems(names, language) })}${left.length > nodesShown ? ` +${left.length - nodesShown}` : ""}`,
        ]
      : []),
  ];
}

function componentLine(one: ComponentState, language: Language): string {
  const words = say(language);
  const { pods, namespace, ready, desired, restarts, outOfMemory, version } = one;
  return [
    words("component", { pods, namespace, ready, desired }),
    restarts > 0 ? words("restarts", { count: restarts }) : "",
    outOfMemory > 0 ? words("memory", { count: outOfMemory }) : "",
    version ? words("version", { version }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function limitWord(leftOut: NodeLimit | undefined, language: Language): string | undefined {
  return nodeLimits.find(({ limit }) => limit === leftOut)?.name[language];
}
