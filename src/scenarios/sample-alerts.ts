import { scenario } from "../definitions/scenario.ts";

export default scenario({
  texts: {
    en: {
      summary: "Sample alerts: Defender itself makes invented alerts, no cluster is touched",
      happens:
        "Defender is asked for its sample alerts for Kubernetes in one subscription. They come the way that real ones come: the time from Defender to the channel is measured.",
      cannotTell:
        "Whether anything is detected: the alerts and everything that they name are invented. The sensor has no part in it.",
    },
    ja: {
      summary: "サンプル アラート: Defender 自身が架空のアラートを作成します。クラスターには触れません",
      happens:
        "1 つのサブスクリプションで、Kubernetes のサンプル アラートの作成を Defender に依頼します。本物と同じ経路で届くため、Defender からチャンネルまでの時間を測れます。",
      cannotTell:
        "実際に検出できるかどうか。アラートも、その中の名前もすべて架空のものです。センサーは関係しません。",
    },
  },
  tactics: [],
  target: "subscription",
  needs: { sensor: false, extensions: [], linuxNodes: false },
  creates: [
    {
      kind: "Alerts",
      name: "[SAMPLE ALERT] …",
      why: {
        en: "in Defender for Cloud, marked as samples",
        ja: "Defender for Cloud に、サンプルとして作成されます",
      },
    },
  ],
  rights: [],
  azureActions: ["Microsoft.Security/locations/alerts/simulate/action"],
  nodes: { en: "None.", ja: "なし。" },
  outside: {
    en: "Everybody who receives alerts of this subscription (e-mail, SIEM, automation) receives the sample alerts too.",
    ja: "このサブスクリプションのアラートを受け取っている宛先 (メール、SIEM、自動化) にもサンプル アラートが届きます。",
  },
  minutes: 60,
  manifests: () => [],
  steps: [{ kind: "sample-alerts", bundle: "KubernetesService" }],
  expects: [
    {
      kind: "alert",
      types: [],
      titles: ["Sample alerts for Kubernetes", "[SAMPLE ALERT]*", "*[SAMPLE ALERT]*"],
      required: true,
      typicalMinutes: 5,
      depends: [],
    },
  ],
  cleanUp: "after-steps",
  undo: {
    en: "Nothing is created in a cluster. The alerts stay in Defender; the report's button dismisses them.",
    ja: "クラスターには何も作成しません。アラートは Defender に残ります。レポートのボタンで無視にできます。",
  },
});
