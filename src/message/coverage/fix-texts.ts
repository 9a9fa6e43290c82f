import { sentences } from "../../locales/sentences.ts";

/** Azure roles that are enough for a fix. */
export type FixRole = "security" | "aks" | "sensor" | "owner" | "workspace";

/** How each gap is closed [Defender for Cloud docs, enable Defender for Containers], and who can do it. */
export const fixWords = sentences({
  en: {
    show: "Show fixes",
    "plan-off": "Environment settings › {{subscription}} › Defender plans → Containers: On.",
    "extension-off": "Environment settings › {{subscription}} › Containers › Settings › {{what}}: On.",
    "extension-failed":
      "Fix what Azure says, then turn {{what}} off and on again under Containers › Settings.",
    "own-plan": "{{name}} has a plan of its own: turn on there what is off.",
    "sensor-off": "Turn on the Defender sensor.",
    "sensor-not-ready":
      "See why the pods aren't ready: not enough CPU or memory, blocked egress, or taints on the node pool.",
    "sensor-helm": "See in the cluster whether its pods are ready:",
    "sensor-old": "Update the sensor's Helm chart.",
    "sensor-excluded": "Remove the tag, then turn on the sensor if it's off.",
    "policy-off": "Turn on the Azure Policy add-on.",
    "policy-not-ready":
      "See why nothing runs: the pods must be ready, and constraint templates follow within 20 minutes.",
    "provisioning-missing":
      "With the portal in English, turn Containers › Settings off and on again, and create a remediation task for existing clusters.",
    "provisioning-localised":
      "Switch the portal to English, save the plan's settings again, and check that the names are English.",
    "foundational-off": "Environment settings › {{subscription}} › Foundational CSPM (free): On › Save.",
    "workspace-missing":
      "Recover the workspace within 14 days of its deletion, or name another one in the cluster's profile and in the assignment's parameter.",
    "no-results":
      "See in the sensor's log why nothing arrives: blocked egress on port 443 in most cases. Then check that K8S API access is on.",
    "workspace-other":
      "The assignment names {{detail}}: change its parameter, or the cluster's workspace (logAnalyticsWorkspaceResourceId in FILE).",
    "managed-elsewhere": "Change the plan where it is managed.",
    stopped: "Start the cluster.",
    "standard-off": "Regulatory compliance › Manage compliance standards › CIS Azure Kubernetes Service: On.",
    "gating-off": "Environment settings › {{subscription}} › Containers › Settings › Security gating: On.",
    "antimalware-off": "Environment settings › {{subscription}} › Containers › Settings › Antimalware: On.",
    "sensor-not-helm": "Install the sensor by Helm instead of the add-on (Defender docs: deploy by Helm).",
    "version-old": "Upgrade the cluster.",
    creating: "Ask again when the cluster is ready.",
    "sensor-unchecked": "Check the pods of this cluster:",
    "drift-rule-unknown": "Prove it with a simulation:",
    read: "Give Breakwater's identity the custom role on {{subscription}}; doctor shows what is missing.",
    security: "Security Admin or Owner of the subscription",
    aks: "Azure Kubernetes Service Contributor on the cluster",
    // AKS asks for the keys of the workspace [AKS docs, identity and access: sharedkeys/read].
    sensor:
      "Azure Kubernetes Service Contributor on the cluster, and Log Analytics Contributor on its workspace",
    workspace: "Log Analytics Contributor on the workspace's resource group",
    owner: "Owner of the subscription (role assignments are created)",
  },
  ja: {
    show: "対処方法を表示",
    "plan-off": "環境設定 › {{subscription}} › Defender プラン → コンテナー: オン。",
    "extension-off": "環境設定 › {{subscription}} › コンテナー › 設定 › {{what}}: オン。",
    "extension-failed":
      "Azure の示す原因を解消し、コンテナー › 設定 で {{what}} を一度オフにしてからオンにします。",
    "own-plan": "{{name}} には個別のプランがあります。オフのものをそこでオンにします。",
    "sensor-off": "Defender センサーをオンにします。",
    "sensor-not-ready":
      "ポッドが準備完了にならない原因を確認します。CPU・メモリの不足、送信通信のブロック、ノード プールの taint などが考えられます。",
    "sensor-helm": "ポッドが準備完了かをクラスターで確認します:",
    "sensor-old": "センサーの Helm チャートを更新します。",
    "sensor-excluded": "タグを外してから、センサーがオフの場合はオンにします。",
    "policy-off": "Azure Policy アドオンをオンにします。",
    "policy-not-ready":
      "動作していない原因を確認します。ポッドが準備完了になると、20 分以内に制約テンプレートが作成されます。",
    "provisioning-missing":
      "ポータルの言語を英語にして コンテナー › 設定 を一度オフにしてからオンにし、既存のクラスターには修復タスクを作成します。",
    "provisioning-localised":
      "ポータルの言語を英語にしてプランの設定を保存し直し、名前が英語になったことを確認します。",
    "foundational-off": "環境設定 › {{subscription}} › Foundational CSPM (無料): オン › 保存。",
    "workspace-missing":
      "削除から 14 日以内であればワークスペースを回復します。それ以外の場合は、クラスターのプロファイルと割り当てのパラメーターに別のワークスペースを指定します。",
    "no-results":
      "データが届かない原因をセンサーのログで確認します。多くの場合、ポート 443 の送信通信がブロックされています。K8S API アクセスがオンかどうかも確認します。",
    "workspace-other":
      "割り当てでは {{detail}} です。割り当てのパラメーターか、クラスターのワークスペース (FILE の logAnalyticsWorkspaceResourceId) を変更します。",
    "managed-elsewhere": "プランを管理している側で変更します。",
    stopped: "クラスターを起動します。",
    "standard-off":
      "規制コンプライアンス › コンプライアンス標準の管理 › CIS Azure Kubernetes Service: オン。",
    "gating-off": "環境設定 › {{subscription}} › コンテナー › 設定 › セキュリティ ゲート: オン。",
    "antimalware-off": "環境設定 › {{subscription}} › コンテナー › 設定 › マルウェア対策: オン。",
    "sensor-not-helm":
      "アドオンの代わりに Helm でセンサーをインストールします (Defender のドキュメント「Helm を使用したデプロイ」)。",
    "version-old": "クラスターをアップグレードします。",
    creating: "クラスターの準備ができてから、もう一度確認してください。",
    "sensor-unchecked": "このクラスターのポッドを確認します:",
    "drift-rule-unknown": "シミュレーションで確認します:",
    read: "ボットの ID に {{subscription}} のカスタム ロールを付与します。doctor で不足を確認できます。",
    security: "サブスクリプションのセキュリティ管理者または所有者",
    aks: "クラスターの Azure Kubernetes Service 共同作成者",
    sensor: "クラスターの Azure Kubernetes Service 共同作成者と、ワークスペースの Log Analytics 共同作成者",
    workspace: "ワークスペースのリソース グループに対する Log Analytics 共同作成者",
    owner: "サブスクリプションの所有者 (ロールの割り当てが作成されるため)",
  },
});
