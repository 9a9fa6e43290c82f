import { findExtension, planNames } from "../../domain/catalogue/extensions.ts";
import { features } from "../../domain/catalogue/features.ts";
import { findParameter } from "../../domain/catalogue/policy-parameters.ts";
import type { Left, PlannedStep } from "../../domain/enablement/enablement.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { extensionWord } from "../coverage/extension-word.ts";
import { shortId } from "../coverage/gap-texts.ts";

const say = sentences({
  en: {
    sensor: "Defender sensor",
    workspace: "Log Analytics workspace",
    "policy-addon": "Azure Policy add-on",
    assignment: "Policy assignment",
    roles: "Roles of its identity",
    SecurityGatingEnabled: "Security gating",
    AntiMalwareEnabled: "Antimalware",
    plan: "Defender for Containers",
    "foundational-cspm": "Foundational CSPM",
    provisioning: "provisioning assignments",
    "cis-standard": "CIS AKS standard",
    "provisioning-sensor": "provisioning assignment of the sensor",
    "provisioning-policy-addon": "provisioning assignment of the Azure Policy add-on",
    "helm-sensor": "sensor installed by Helm",
    "drift-rule": "drift rule",
    "kubernetes-1.31": "Kubernetes 1.31 or newer",
    cluster: "cluster settings",
    clusters: "clusters and their vCores",
    standard: "CIS AKS standard",
    foundational: "Foundational CSPM",
    on: "on",
    off: "off",
    none: "none",
    unlisted: "not listed",
    failed: "failed",
    assigned: "assigned",
    unread: "{{what}} on {{on}}: unknown, because {{detail}}",
    stopped: "{{what}} on {{on}}: the cluster is stopped; start it first",
    passing: "{{what}} on {{on}}: the cluster is being changed ({{detail}})",
    excluded: "{{what}} on {{on}}: the tag ms_defender_container_exclude_sensors keeps the sensor away",
    helm: "{{what}} on {{on}}: installed by Helm ({{detail}})",
    "no-workspace":
      "{{what}} on {{on}}: needs a Log Analytics workspace; add --workspace with its resource ID",
    "own-plan": "{{on}} has a plan of its own; enable it there",
    "not-there": "{{what}}: doesn't exist at {{on}}, a registry",
    "whole-subscription": "{{what}} is set for the whole subscription; enable it for {{detail}}",
    "no-standard": "{{what}}: Azure offers no such standard in {{on}}",
    parameter: "parameter of a policy",
    "not-assigned": "{{what}}: no policy assignment with it holds for {{on}}",
    fixed: "{{what}}: {{detail}} fixes the value; assign another initiative to change it",
    above: "{{what}}: assigned to {{detail}}, which holds for more than {{on}}; change it there",
    manual: "{{what}}: can't be turned on from here",
    "too-many": "{{what}} on {{on}}: too many changes for one request; request the rest afterwards",
    permission: "{{what}} on {{on}}: Breakwater is missing {{detail}}",
  },
  ja: {
    sensor: "Defender センサー",
    workspace: "Log Analytics ワークスペース",
    "policy-addon": "Azure Policy アドオン",
    assignment: "ポリシー割り当て",
    roles: "割り当ての ID のロール",
    SecurityGatingEnabled: "セキュリティ ゲート",
    AntiMalwareEnabled: "マルウェア対策",
    plan: "Defender for Containers",
    "foundational-cspm": "Foundational CSPM",
    provisioning: "プロビジョニングの割り当て",
    "cis-standard": "CIS AKS 標準",
    "provisioning-sensor": "センサーのプロビジョニングの割り当て",
    "provisioning-policy-addon": "Azure Policy アドオンのプロビジョニングの割り当て",
    "helm-sensor": "Helm でインストールしたセンサー",
    "drift-rule": "ドリフト ルール",
    "kubernetes-1.31": "Kubernetes 1.31 以降",
    cluster: "クラスターの設定",
    clusters: "クラスターとその vCore",
    standard: "CIS AKS 標準",
    foundational: "Foundational CSPM",
    on: "オン",
    off: "オフ",
    none: "なし",
    unlisted: "一覧になし",
    failed: "失敗",
    assigned: "割り当て済み",
    unread: "{{on}} の{{what}}: 不明 ({{detail}})",
    stopped: "{{on}} の{{what}}: クラスターが停止しています。先に起動してください",
    passing: "{{on}} の{{what}}: クラスターを変更中です ({{detail}})",
    excluded: "{{on}} の{{what}}: タグ ms_defender_container_exclude_sensors により展開されません",
    helm: "{{on}} の{{what}}: Helm でインストールされています ({{detail}})",
    "no-workspace":
      "{{on}} の{{what}}: Log Analytics ワークスペースが必要です。--workspace にリソース ID を指定してください",
    "not-there": "{{what}}: {{on}} はレジストリのため、対象になりません",
    "own-plan": "{{on}} には個別のプランがあります。対象を指定して有効にしてください",
    "whole-subscription": "{{what}} はサブスクリプション全体の設定です。{{detail}} を対象にしてください",
    "no-standard": "{{what}}: {{on}} では Azure に該当する標準がありません",
    parameter: "ポリシーのパラメーター",
    "not-assigned": "{{what}}: {{on}} に適用されるポリシー割り当てがありません",
    fixed: "{{what}}: {{detail}} で値が固定されています。変更するには別のイニシアチブを割り当ててください",
    above: "{{what}}: {{detail}} に割り当てられ、{{on}} 以外にも適用されます。そちらで変更してください",
    manual: "{{what}}: ここからは有効にできません",
    "too-many": "{{on}} の{{what}}: 1 件の申請には変更が多すぎます。残りは後で申請してください",
    permission: "{{on}} の{{what}}: Breakwater に権限がありません ({{detail}})",
  },
});

type Key = Parameters<ReturnType<typeof say>>[0];
const plainValues = ["on", "off", "none", "unlisted", "failed", "assigned"] as const;

/** The name of a setting of a step, with the portal's words. */
export function settingWord(step: PlannedStep, name: string, language: Language): string {
  if (name === "pricingTier")
    return planNames[step.kind === "foundational" ? "FoundationalCspm" : "Containers"][language];
  return partWord(name, language);
}

/** The value of a setting: Azure's words, and ours where they are plain. */
export function valueWord(value: string, language: Language): string {
  const plain = plainValues.find((one) => one === value);
  return plain ? say(language)(plain) : shortId(value);
}

/** A feature, an extension or a part of settings by the word of a command line. */
export function partWord(word: string, language: Language): string {
  const feature = features.find(({ id }) => id === word);
  if (feature) return feature.name[language];
  const parameter = findParameter(word);
  if (parameter) return parameter.title[language];
  if (findExtension(word)) return extensionWord(word, language);
  // What has no word here, for example the name of a standard, comes back as it is.
  return say(language)(word as Key);
}

/** Why something is not part of the change, in one line. */
export function leftSentence({ on, what, why, detail }: Left, language: Language): string {
  const values = { what: partWord(what, language), on: on.name, detail: detail ?? "" };
  return say(language)(why, values);
}
