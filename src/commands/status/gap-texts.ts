import type { Gap } from "../../domain/coverage/coverage-summary.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

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
      "Provisioning assignments have localised names, with which the sensor was not deployed: {{what}}.",
    "provisioning-unknown": "The provisioning assignments could not be read: {{detail}}.",
    "workspace-other": "Its data goes to another Log Analytics workspace: {{what}}.",
    "managed-elsewhere": "The plan is managed by {{what}}: a change in Azure may be overruled.",
    stopped: "The cluster is stopped: nothing in it is watched.",
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
    "workspace-other": "データの送信先が別の Log Analytics ワークスペースです: {{what}}。",
    "managed-elsewhere": "プランは {{what}} が管理しているため、Azure での変更が上書きされることがあります。",
    stopped: "クラスターが停止しているため、監視されていません。",
    sensor: "Defender センサー",
    "policy-addon": "Azure Policy アドオン",
  },
});

/** How each gap is closed [Defender for Cloud docs, enable Defender for Containers; facts/defender.md section 1]. */
const mends = sentences({
  en: {
    "plan-off": "Defender for Cloud → Environment settings → {{name}} → Defender plans → Containers: On.",
    "extension-off":
      "Defender for Cloud → Environment settings → {{subscription}} → Containers → Settings: switch it on.",
    "extension-failed": "Mend what Azure says, then switch it off and on again under Containers → Settings.",
    "sensor-off": "az aks update {{cluster}} --enable-defender",
    "sensor-helm": 'kubectl get pods -A -l "app in (defender, defender-k8s-sensor)"',
    "sensor-excluded": "Remove the tag, then: az aks update {{cluster}} --enable-defender",
    "policy-off": "az aks enable-addons {{cluster}} --addons azure-policy",
    "provisioning-missing":
      "Switch Containers → Settings off and on again with the portal in English, and add a remediation task for existing clusters.",
    "provisioning-localised":
      "Switch the portal to English, save the plan's settings again, and check that the names are English.",
    "workspace-other":
      "The assignment names {{detail}}: change its parameter, or the cluster: az aks update {{cluster}} --enable-defender --defender-config FILE (logAnalyticsWorkspaceResourceId)",
    "managed-elsewhere": "Change the plan where it is managed.",
    stopped: "az aks start {{cluster}}",
    read: "Give the bot's identity the custom role on {{subscription}}; doctor says what is missing.",
  },
  ja: {
    "plan-off": "Defender for Cloud → 環境設定 → {{name}} → Defender プラン → コンテナー: オン。",
    "extension-off": "Defender for Cloud → 環境設定 → {{subscription}} → コンテナー → 設定 でオンにします。",
    "extension-failed": "Azure の示す原因を解消し、コンテナー → 設定 で一度オフにしてからオンにします。",
    "sensor-off": "az aks update {{cluster}} --enable-defender",
    "sensor-helm": 'kubectl get pods -A -l "app in (defender, defender-k8s-sensor)"',
    "sensor-excluded": "タグを外してから: az aks update {{cluster}} --enable-defender",
    "policy-off": "az aks enable-addons {{cluster}} --addons azure-policy",
    "provisioning-missing":
      "ポータルの言語を英語にして コンテナー → 設定 を一度オフにしてからオンにし、既存のクラスターには修復タスクを作成します。",
    "provisioning-localised":
      "ポータルの言語を英語にしてプランの設定を保存し直し、名前が英語になったことを確認します。",
    "workspace-other":
      "割り当てでは {{detail}} です。割り当てのパラメーターか、クラスター側を変更します: az aks update {{cluster}} --enable-defender --defender-config FILE (logAnalyticsWorkspaceResourceId)",
    "managed-elsewhere": "プランを管理している側で変更します。",
    stopped: "az aks start {{cluster}}",
    read: "ボットの ID に {{subscription}} のカスタム ロールを付与します。doctor で不足を確認できます。",
  },
});

/** What is wrong, in one sentence. */
export function gapSentence({ kind, what, detail }: Gap, language: Language): string {
  const say = says(language);
  const named = what === "sensor" || what === "policy-addon" ? say(what) : shortId(what ?? "");
  return say(kind, { what: named, detail: (detail ?? "").replace(/[.。]$/, "") });
}

/** How it is closed, in one line. */
export function gapMend({ kind, on, subscription, detail }: Gap, language: Language): string {
  const values = {
    name: on.name,
    subscription: subscription.name,
    cluster: clusterArguments(on),
    detail: shortId(detail ?? ""),
  };
  switch (kind) {
    case "plan-unknown":
    case "extension-unknown":
    case "sensor-unknown":
    case "policy-unknown":
    case "provisioning-unknown":
      return mends(language)("read", values);
    default:
      return mends(language)(kind, values);
  }
}

/** How the Azure CLI names a cluster [`az aks` reference: `--ids` is not among its arguments]. */
function clusterArguments({ id, name }: Gap["on"]): string {
  const { resourceGroup = "", subscription = "" } = readResourceId(id) ?? {};
  return `--subscription ${subscription} -g ${resourceGroup} -n ${name}`;
}

/** `rg-ops/law-defender` for the id of a workspace; what is no id stays as it is. */
function shortId(text: string): string {
  const id = text.startsWith("/") ? readResourceId(text) : undefined;
  return id?.resourceGroup ? `${id.resourceGroup}/${id.name}` : text;
}
