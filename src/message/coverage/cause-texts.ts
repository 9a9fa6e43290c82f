import type { Cause } from "../../domain/coverage/causes.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Sentence } from "../message.ts";
import { extensionWord } from "./extension-word.ts";

const say = sentences({
  en: {
    "plan-off": "Plan off",
    "plan-unknown": "Plan unknown",
    "extension-off": "{{what}} off",
    "extension-failed": "{{what}} failed",
    "extension-unknown": "{{what}} unknown",
    "sensor-off": "Sensor off",
    "sensor-not-ready": "Sensor not ready on every node",
    "sensor-helm": "Sensor installed by Helm, not checked",
    "sensor-old": "Sensor near its end of support",
    "sensor-unknown": "Sensor unknown",
    "sensor-excluded": "Sensor excluded by tag",
    "policy-off": "Policy add-on off",
    "policy-not-ready": "Policy add-on not working",
    "policy-unknown": "Policy add-on unknown",
    "foundational-off": "Foundational CSPM off",
    "foundational-unknown": "Foundational CSPM unknown",
    "provisioning-missing": "Provisioning assignment missing",
    "provisioning-localised": "Provisioning with localized names",
    "provisioning-unknown": "Provisioning unknown",
    "workspace-missing": "Workspace deleted",
    "no-results": "No data in Defender",
    "workspace-other": "Wrong workspace",
    "workspace-unknown": "Workspace unknown",
    "managed-elsewhere": "Plan managed outside Azure",
    stopped: "Cluster stopped",
    "standard-off": "CIS standard not assigned",
    "standard-unknown": "CIS standard unknown",
    "gating-off": "Security gating off",
    "antimalware-off": "Antimalware off",
    "sensor-not-helm": "Sensor not installed by Helm",
    "version-old": "Kubernetes too old",
    creating: "Cluster being created",
    "sensor-unchecked": "Sensor pods not checked",
    "drift-rule-unknown": "Drift rule unknown",
    cause: "{{cause}}: {{names}}",
    more: "{{names}} +{{number}}",
  },
  ja: {
    "plan-off": "プランがオフ",
    "plan-unknown": "プランが不明",
    "extension-off": "{{what}}がオフ",
    "extension-failed": "{{what}}の有効化に失敗",
    "extension-unknown": "{{what}}が不明",
    "sensor-off": "センサーがオフ",
    "sensor-not-ready": "センサーが一部のノードで準備未完了",
    "sensor-helm": "Helm のセンサーは未確認",
    "sensor-old": "センサーのサポート期限が間近",
    "sensor-unknown": "センサーが不明",
    "sensor-excluded": "センサーをタグで除外",
    "policy-off": "Policy アドオンがオフ",
    "policy-not-ready": "Policy アドオンが動作していない",
    "policy-unknown": "Policy アドオンが不明",
    "foundational-off": "Foundational CSPM がオフ",
    "foundational-unknown": "Foundational CSPM が不明",
    "provisioning-missing": "プロビジョニングの割り当てなし",
    "provisioning-localised": "プロビジョニングの名前がローカライズ済み",
    "provisioning-unknown": "プロビジョニングが不明",
    "workspace-missing": "ワークスペースが削除済み",
    "no-results": "Defender にデータなし",
    "workspace-other": "ワークスペースの相違",
    "workspace-unknown": "ワークスペースが不明",
    "managed-elsewhere": "Azure 以外で管理されるプラン",
    stopped: "クラスターが停止中",
    "standard-off": "CIS 標準の割り当てなし",
    "standard-unknown": "CIS 標準が不明",
    "gating-off": "セキュリティ ゲートがオフ",
    "antimalware-off": "マルウェア対策がオフ",
    "sensor-not-helm": "センサーが Helm 版ではない",
    "version-old": "Kubernetes のバージョンが古い",
    creating: "クラスターを作成中",
    "sensor-unchecked": "センサーのポッドは未確認",
    "drift-rule-unknown": "ドリフト ルールが不明",
    cause: "{{cause}}: {{names}}",
    more: "{{names}} +{{number}}",
  },
});

/** `Wrong workspace`. */
export function causeWord({ kind, what }: Pick<Cause, "kind" | "what">, language: Language): string {
  return say(language)(kind, { what: what ? extensionWord(what, language) : "" });
}

/** `aks-demo, aks-prod-eu +2`. */
export function causeNames(names: readonly string[], language: Language, most = 2): string {
  const shown = formatItems(names.slice(0, most), language);
  const left = names.length - most;
  return left > 0 ? say(language)("more", { names: shown, number: left }) : shown;
}

/** `Wrong workspace: aks-demo, aks-prod-eu +2`. */
export function causeSentence(cause: Cause, language: Language): Sentence {
  const names = causeNames(
    cause.gaps.map(({ on }) => on.name),
    language,
  );
  return say(language).rich("cause", { cause: { strong: causeWord(cause, language) }, names });
}
