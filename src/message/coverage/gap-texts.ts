import type { Gap } from "../../domain/coverage/gap.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import { formatTime } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { extensionWord } from "./extension-word.ts";

const says = sentences({
  en: {
    "plan-off": "The plan Defender for Containers is off.",
    "plan-unknown": "The plan could not be read: {{detail}}.",
    "extension-off": "{{what}} is off.",
    "extension-failed": "{{what}} failed to switch on: {{detail}}.",
    "extension-unknown": "{{what}} could not be read: {{detail}}.",
    "sensor-off":
      "The Defender sensor is off in the cluster's profile (one installed by Helm isn't shown there).",
    "sensor-unknown": "Whether the sensor is on could not be read: {{detail}}.",
    "sensor-helm": "The sensor comes by Helm ({{detail}}), so Azure doesn't show whether it runs.",
    "sensor-excluded": "The tag ms_defender_container_exclude_sensors keeps the sensor from being deployed.",
    "policy-off": "The Azure Policy add-on is off: no data plane recommendations.",
    "policy-unknown": "Whether the Azure Policy add-on is on could not be read: {{detail}}.",
    "provisioning-missing": "No policy assignment deploys {{what}} to new clusters.",
    "provisioning-localised":
      "Provisioning assignments have localized names, with which the sensor was not deployed: {{what}}.",
    "provisioning-unknown": "The provisioning assignments could not be read: {{detail}}.",
    "workspace-missing":
      "The Log Analytics workspace {{what}} doesn't exist: the sensor's data goes nowhere.",
    "no-results":
      "Defender shows no result for any container, although the sensor is ready on every node and workloads have been running since {{what}}.",
    "workspace-other": "Its data goes to another Log Analytics workspace: {{what}}.",
    "managed-elsewhere": "The plan is managed by {{what}}: a change in Azure may be overruled.",
    stopped: "The cluster is stopped: nothing in it is watched.",
    "sensor-not-ready":
      "The sensor's pods are ready on {{what}} Linux nodes (microsoft-defender-collector-ds, microsoft-defender-publisher-ds).",
    "sensor-old": "The sensor's version {{what}} is supported until {{detail}}.",
    "policy-not-ready": "The Azure Policy add-on is on, but doesn't work: {{what}}.",
    "foundational-off": "Foundational CSPM isn't on: Defender makes no recommendations.",
    "foundational-unknown": "Unknown whether Foundational CSPM is on: {{detail}}.",
    "standard-off": "The CIS Azure Kubernetes Service standard isn't assigned.",
    "workspace-unknown": "Unknown whether the Log Analytics workspace {{what}} still exists: {{detail}}.",
    "standard-unknown": "Unknown whether the CIS Azure Kubernetes Service standard is assigned: {{detail}}.",
    "gating-off": "Security gating is off in the Defender sensor's settings.",
    "antimalware-off": "Antimalware is off in the Defender sensor's settings.",
    "sensor-not-helm":
      "The sensor is installed as the AKS add-on; this feature needs the one installed by Helm.",
    "version-old": "Kubernetes {{what}}: this feature needs 1.31 or newer.",
    creating: "The cluster is being created: its settings aren't final.",
    "sensor-unchecked": "The sensor is turned on; its pods weren't checked.",
    "sensor-unreached": "The sensor is turned on; its pods couldn't be checked: {{detail}}.",
    "drift-rule-unknown":
      "Azure has no documented API for drift rules. A simulation on the cluster shows whether one alerts.",
    sensor: "the Defender sensor",
    "policy-addon": "the Azure Policy add-on",
  },
  ja: {
    "plan-off": "Defender for Containers プランがオフです。",
    "plan-unknown": "プランを読み取れませんでした: {{detail}}。",
    "extension-off": "{{what}} がオフです。",
    "extension-failed": "{{what}} の有効化に失敗しています: {{detail}}。",
    "extension-unknown": "{{what}} を読み取れませんでした: {{detail}}。",
    "sensor-off":
      "クラスターのプロファイルで Defender センサーがオフです (Helm でインストールしたセンサーは表示されません)。",
    "sensor-unknown": "センサーの状態を読み取れませんでした: {{detail}}。",
    "sensor-helm":
      "センサーは Helm でインストールされているため ({{detail}})、動作しているかどうかを Azure では確認できません。",
    "sensor-excluded": "タグ ms_defender_container_exclude_sensors により、センサーが展開されません。",
    "policy-off": "Azure Policy アドオンがオフです (データ プレーンの推奨事項が出ません)。",
    "policy-unknown": "Azure Policy アドオンの状態を読み取れませんでした: {{detail}}。",
    "provisioning-missing": "新しいクラスターに{{what}}を展開するポリシー割り当てがありません。",
    "provisioning-localised":
      "プロビジョニングの割り当ての名前がローカライズされています。この場合、センサーは展開されません: {{what}}。",
    "provisioning-unknown": "プロビジョニングの割り当てを読み取れませんでした: {{detail}}。",
    "workspace-missing":
      "Log Analytics ワークスペース {{what}} が存在しません。センサーのデータはどこにも保存されません。",
    "no-results":
      "すべてのノードでセンサーが準備完了で、{{what}} からワークロードが動作していますが、コンテナーの結果が Defender に 1 件もありません。",
    "workspace-other": "データの送信先が別の Log Analytics ワークスペースです: {{what}}。",
    "managed-elsewhere": "プランは {{what}} が管理しているため、Azure での変更が上書きされることがあります。",
    stopped: "クラスターが停止しているため、監視されていません。",
    "sensor-not-ready":
      "センサーのポッドが準備完了の Linux ノードは {{what}} です (microsoft-defender-collector-ds、microsoft-defender-publisher-ds)。",
    "sensor-old": "センサーのバージョン {{what}} のサポート期限は {{detail}} です。",
    "policy-not-ready": "Azure Policy アドオンはオンですが、動作していません: {{what}}。",
    "foundational-off": "Foundational CSPM が有効ではないため、Defender の推奨事項は作成されません。",
    "foundational-unknown": "Foundational CSPM が有効かどうか不明です: {{detail}}。",
    "standard-off": "CIS Azure Kubernetes Service 標準が割り当てられていません。",
    "workspace-unknown": "Log Analytics ワークスペース {{what}} が存在するか不明です: {{detail}}。",
    "standard-unknown": "CIS Azure Kubernetes Service 標準が割り当てられているか不明です: {{detail}}。",
    "gating-off": "Defender センサーの設定でセキュリティ ゲートがオフです。",
    "antimalware-off": "Defender センサーの設定でマルウェア対策がオフです。",
    "sensor-not-helm":
      "センサーは AKS アドオンです。この機能には Helm でインストールしたセンサーが必要です。",
    "version-old": "Kubernetes {{what}} です。この機能には 1.31 以降が必要です。",
    creating: "クラスターの作成中のため、設定は確定していません。",
    "sensor-unchecked": "センサーはオンです。ポッドは確認していません。",
    "sensor-unreached": "センサーはオンですが、ポッドを確認できませんでした: {{detail}}。",
    "drift-rule-unknown":
      "ドリフト ルールを読み取る API は公開されていません。クラスターでシミュレーションを実行すると、アラートが出るか分かります。",
    sensor: "Defender センサー",
    "policy-addon": "Azure Policy アドオン",
  },
});

/** What is wrong, or why it is unknown, in one sentence. */
export function gapSentence({ kind, what, detail }: Gap, language: Language): string {
  const say = says(language);
  const values = { what: named(what, kind, language), detail: (detail ?? "").replace(/[.。]$/, "") };
  return say(kind === "sensor-unchecked" && detail ? "sensor-unreached" : kind, values);
}

function named(what: string | undefined, kind: Gap["kind"], language: Language): string {
  if (what === "sensor" || what === "policy-addon") return says(language)(what);
  if (kind === "no-results") return formatTime(what ?? "", language);
  return kind.startsWith("extension") ? extensionWord(what ?? "", language) : shortId(what ?? "");
}

/** `rg-ops/law-defender` for the id of a workspace; what is no id stays as it is. */
export function shortId(text: string): string {
  const id = text.startsWith("/") ? readResourceId(text) : undefined;
  return id?.resourceGroup ? `${id.resourceGroup}/${id.name}` : text;
}
