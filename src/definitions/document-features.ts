import { components, sensorSupport } from "../domain/catalogue/components.ts";
import { findExtension, planNames } from "../domain/catalogue/extensions.ts";
import { type Feature, features, type InputName, type Need } from "../domain/catalogue/features.ts";
import { formatItems } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { table } from "./document.ts";

const say = sentences({
  en: {
    title: "Features",
    made: "Generated from the catalogue by `npm run documents`; a test fails when it is out of date.",
    feature: "Feature",
    reads: "What Breakwater reads",
    shows: "Shown for",
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
    sensor: "sensor ready on every Linux node (profile, pods)",
    "helm-sensor": "sensor installed by Helm, ready on every Linux node",
    "policy-addon": "Azure Policy add-on (profile, pods, constraint templates)",
    "drift-rule": "drift rule (no documented API: unknown until simulated)",
    "cis-standard": "CIS standard assigned (not read yet: unknown)",
    "security-gating": "ContainerSensor.SecurityGatingEnabled",
    antimalware: "ContainerSensor.AntiMalwareEnabled",
    "kubernetes-1.31": "Kubernetes 1.31 or newer",
  },
  ja: {
    title: "機能",
    made: "カタログから `npm run documents` で生成しています。古くなるとテストが失敗します。",
    feature: "機能",
    reads: "読み取る内容",
    shows: "表示の対象",
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
    sensor: "すべての Linux ノードでセンサーが準備完了 (プロファイル、ポッド)",
    "helm-sensor": "Helm でインストールしたセンサーがすべての Linux ノードで準備完了",
    "policy-addon": "Azure Policy アドオン (プロファイル、ポッド、制約テンプレート)",
    "drift-rule": "ドリフト ルール (公開 API なし。シミュレーションで確認するまで不明)",
    "cis-standard": "CIS 標準の割り当て (未読み取りのため不明)",
    "security-gating": "ContainerSensor.SecurityGatingEnabled",
    antimalware: "ContainerSensor.AntiMalwareEnabled",
    "kubernetes-1.31": "Kubernetes 1.31 以降",
  },
});

/** The reference page of the catalogue: features, families of pods, and until when sensors are supported. */
export function featuresPage(language: Language): string {
  const words = say(language);
  const rows = features.map((feature) => featureRow(feature, language));
  const header = (["feature", "reads", "shows", "simulates", "source"] as const).map((key) => words(key));
  const pods = components.map(({ pods: name, part, kind, source }) => [`\`${name}-*\``, part, kind, source]);
  const versions = sensorSupport.map(({ version, until }) => [version, until]);
  return `${[
    `# ${words("title")}`,
    words("made"),
    table(header, rows),
    table([words("pods"), words("part"), words("kind"), words("source")], pods),
    table([words("version"), words("until")], versions),
  ].join("\n\n")}\n`;
}

function featureRow({ name, needs, simulated, source }: Feature, language: Language): string[] {
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
    formatItems(simulated, language) || words("none"),
    source,
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
