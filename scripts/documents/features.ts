import { components, sensorSupport } from "../../src/domain/catalogue/components.ts";
import { findExtension, planNames } from "../../src/domain/catalogue/extensions.ts";
import { type Feature, features, type InputName, type Need } from "../../src/domain/catalogue/features.ts";
import { nodeLimits } from "../../src/domain/catalogue/nodes.ts";
import { wantedBy } from "../../src/domain/enablement/wanted.ts";
import { formatItems } from "../../src/locales/format.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";
import { table } from "./definitions.ts";

const say = sentences({
  en: {
    title: "Features",
    made: "Generated from the catalogue by `npm run documents`; a test fails when it is out of date.",
    feature: "Feature",
    reads: "What Breakwater reads",
    shows: "Shown for",
    watches: "What the coverage watch reports",
    enables: "What `enable` can turn on",
    simulates: "Proved by a simulation",
    source: "Source",
    cluster: "cluster",
    registry: "registry",
    plan: "plan {{names}}",
    extension: "{{extension}} in {{plans}}",
    or: "({{names}})",
    none: "–",
    pods: "Pods",
    part: "Part",
    kind: "Kind",
    version: "Sensor (Helm)",
    until: "Supported until",
    node: "Node",
    needs: "What the sensor needs there",
    sensor: "sensor ready on every Linux node (profile, pods)",
    "helm-sensor": "sensor installed by Helm, ready on every Linux node",
    "policy-addon": "Azure Policy add-on (profile, pods, constraint templates)",
    "drift-rule": "drift rule (no documented API: unknown until simulated)",
    "cis-standard": "CIS AKS standard assigned (regulatory standards)",
    "watch-plan": "plan turned off",
    "watch-extension": "extension turned off",
    "watch-sensor": "sensor turned off, excluded or lost on nodes, its workspace deleted",
    "watch-policy": "policy add-on removed",
    "watch-blind": "cluster gone blind",
    "watch-new": "new and not covered",
    "enable-plan": "plan",
    "enable-foundational": "Foundational CSPM",
    "enable-sensor": "sensor of a cluster",
    "enable-policy": "Azure Policy add-on of a cluster",
    "enable-provisioning": "provisioning assignments",
    "enable-standard": "CIS AKS standard",
    "enable-parameters": "parameters of its policies",
    "manual-helm-sensor": "not the sensor by Helm",
    "manual-drift-rule": "not the drift rule",
    "manual-kubernetes-1.31": "not the Kubernetes version",
    "security-gating": "ContainerSensor.SecurityGatingEnabled",
    antimalware: "ContainerSensor.AntiMalwareEnabled",
    "kubernetes-1.31": "Kubernetes 1.31 or newer",
    "container-results": "results about its containers (assessments, pods)",
  },
  ja: {
    title: "機能",
    made: "カタログから `npm run documents` で生成しています。古くなるとテストが失敗します。",
    feature: "機能",
    reads: "読み取る内容",
    shows: "表示の対象",
    watches: "カバレッジの監視で通知する変化",
    enables: "`enable` で有効にできるもの",
    simulates: "確認できるシミュレーション",
    source: "出典",
    cluster: "クラスター",
    registry: "レジストリ",
    plan: "プラン {{names}}",
    extension: "{{extension}} ({{plans}})",
    or: "({{names}})",
    none: "–",
    pods: "ポッド",
    part: "構成要素",
    kind: "種類",
    version: "センサー (Helm)",
    until: "サポート期限",
    node: "ノード",
    needs: "センサーに必要なもの",
    sensor: "すべての Linux ノードでセンサーが準備完了 (プロファイル、ポッド)",
    "helm-sensor": "Helm でインストールしたセンサーがすべての Linux ノードで準備完了",
    "policy-addon": "Azure Policy アドオン (プロファイル、ポッド、制約テンプレート)",
    "drift-rule": "ドリフト ルール (公開 API なし。シミュレーションで確認するまで不明)",
    "cis-standard": "CIS AKS 標準の割り当て (規制標準)",
    "watch-plan": "プランのオフ",
    "watch-extension": "拡張機能のオフ",
    "watch-sensor": "センサーのオフ、除外、ノードでの停止、ワークスペースの削除",
    "watch-policy": "Policy アドオンの削除",
    "watch-blind": "クラスターのデータの途絶",
    "watch-new": "新規で保護されていないもの",
    "enable-plan": "プラン",
    "enable-foundational": "Foundational CSPM",
    "enable-sensor": "クラスターのセンサー",
    "enable-policy": "クラスターの Azure Policy アドオン",
    "enable-provisioning": "プロビジョニングの割り当て",
    "enable-standard": "CIS AKS 標準",
    "enable-parameters": "ポリシーのパラメーター",
    "manual-helm-sensor": "Helm のセンサーは対象外",
    "manual-drift-rule": "ドリフト ルールは対象外",
    "manual-kubernetes-1.31": "Kubernetes のバージョンは対象外",
    "security-gating": "ContainerSensor.SecurityGatingEnabled",
    antimalware: "ContainerSensor.AntiMalwareEnabled",
    "kubernetes-1.31": "Kubernetes 1.31 以降",
    "container-results": "コンテナーの結果 (評価、ポッド)",
  },
});

/** The reference page of the catalogue: features, families of pods, and until when sensors are supported. */
export function featuresPage(language: Language): string {
  const words = say(language);
  const rows = features.map((feature) => featureRow(feature, language));
  const header = (["feature", "reads", "shows", "watches", "enables", "simulates", "source"] as const).map(
    (key) => words(key),
  );
  const pods = components.map(({ pods: name, part, kind, source }) => [`\`${name}-*\``, part, kind, source]);
  const nodes = nodeLimits.map(({ name, needs, source }) => [name[language], needs[language], source]);
  const versions = sensorSupport.map(({ version, until }) => [version, until]);
  return `${[
    `# ${words("title")}`,
    words("made"),
    table(header, rows),
    table([words("pods"), words("part"), words("kind"), words("source")], pods),
    table([words("version"), words("until")], versions),
    table([words("node"), words("needs"), words("source")], nodes),
  ].join("\n\n")}\n`;
}

function featureRow(feature: Feature, language: Language): string[] {
  const { name, needs, simulated, source } = feature;
  const words = say(language);
  const kinds = (["cluster", "registry"] as const).filter((kind) => needs[kind]);
  const texts = kinds.map((kind) => needText(needs[kind]!, language));
  return [
    name[language],
    [...new Set(texts)].join("<br>"),
    formatItems(
      kinds.map((kind) => words(kind)),
      language,
    ),
    formatItems(watched(feature, language), language) || words("none"),
    formatItems(enabled(feature, language), language) || words("none"),
    formatItems(simulated, language) || words("none"),
    source,
  ];
}

/** What the watch reports of what a feature needs (`domain/coverage/watch/`). */
function watched(feature: Feature, language: Language): string[] {
  const words = say(language);
  const { plan, extensions, sensor, policyAddon } = wantedBy(feature);
  return [
    ...(plan ? [words("watch-plan")] : []),
    ...(extensions.length > 0 ? [words("watch-extension")] : []),
    ...(sensor || needsHelm(feature) ? [words("watch-sensor")] : []),
    ...(policyAddon ? [words("watch-policy")] : []),
    ...(feature.id === "running-containers" ? [words("watch-blind")] : []),
    ...(plan ? [words("watch-new")] : []),
  ];
}

function needsHelm(feature: Feature): boolean {
  return wantedBy(feature).manual.includes("helm-sensor");
}

/** What `enable` turns on for a feature, and what of it no API turns on. */
function enabled(feature: Feature, language: Language): string[] {
  const words = say(language);
  const wanted = wantedBy(feature);
  return [
    ...(wanted.plan ? [words("enable-plan")] : []),
    ...wanted.extensions.map((name) => findExtension(name)?.portal[language] ?? name),
    ...wanted.properties.map((name) => `ContainerSensor.${name}`),
    ...(wanted.foundational ? [words("enable-foundational")] : []),
    ...(wanted.sensor ? [words("enable-sensor")] : []),
    ...(wanted.policyAddon ? [words("enable-policy")] : []),
    ...(wanted.provisioning.length > 0 ? [words("enable-provisioning")] : []),
    ...(wanted.standard ? [words("enable-standard")] : []),
    ...(feature.id === "data-plane-hardening" ? [words("enable-parameters")] : []),
    ...wanted.manual.map((name) => words(`manual-${name}` as "manual-drift-rule")),
  ];
}

function needText(need: Need, language: Language): string {
  const words = say(language);
  const plans = (names: readonly (keyof typeof planNames)[]) =>
    names.map((name) => planNames[name][language]).join(" / ");
  if ("all" in need) return need.all.map((one) => needText(one, language)).join(" + ");
  if ("any" in need)
    return words("or", { names: need.any.map((one) => needText(one, language)).join(" / ") });
  if ("plan" in need) return words("plan", { names: plans(need.plan) });
  if ("extension" in need) {
    const extension = findExtension(need.extension)?.portal[language] ?? need.extension;
    return words("extension", { extension, plans: plans(need.plans) });
  }
  return words(need.input satisfies InputName);
}
