import { z } from "zod";
import { text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

const named = (word: string, most = 300) => text(word, most).optional();

export default command({
  texts: {
    en: {
      summary: "Requests a simulated attack to test that Defender detects it",
      detail:
        "Opens a form for missing input. After another person approves it in the channel, it runs, waits for Defender, posts a report and deletes everything it created.",
    },
    ja: {
      summary: "攻撃のシミュレーションを申請し、Defender が検出するかどうかをテストします",
      detail:
        "不足している項目はフォームで入力します。チャンネルで別の方が承認すると実行し、Defender の検出を待って結果を報告し、作成したものをすべて削除します。",
    },
  },
  examples: [
    "simulate",
    "simulate web-shell aks-demo",
    'simulate web-shell aks-demo --reason "Weekly proof"',
  ],
  arguments: z.object({
    scenario: named("SCENARIO", 60),
    cluster: named("CLUSTER"),
    reason: text("REASON", 300).optional(),
    registry: named("REGISTRY"),
    node: named("NODE"),
    image: named("IMAGE", 100),
    subscription: named("SUBSCRIPTION"),
  }),
  positional: ["scenario", "cluster"],
  argumentTexts: {
    scenario: { en: "The attack to simulate.", ja: "攻撃の種類。" },
    cluster: {
      en: "The target cluster. It must be listed in simulations.clusters and have no tag from simulations.refuseTags.",
      ja: "対象のクラスター。simulations.clusters にあり、simulations.refuseTags のタグが付いていないものに限ります。",
    },
    reason: { en: "The reason, shown to the approver.", ja: "理由。承認者に表示されます。" },
    registry: {
      en: "For vulnerable-image: the registry to import into.",
      ja: "vulnerable-image のインポート先レジストリ。",
    },
    node: { en: "For node-malware: the Linux node.", ja: "node-malware の対象の Linux ノード。" },
    image: {
      en: "For vulnerable-image: the image to import.",
      ja: "vulnerable-image でインポートするイメージ。",
    },
    subscription: {
      en: "For sample-alerts: the subscription.",
      ja: "sample-alerts の対象サブスクリプション。",
    },
  },
  access: "member",
  effect: {
    changes: {
      en: "Requests a simulation; it runs only after another person approves it",
      ja: "シミュレーションを申請します。別の方が承認するまで実行されません",
    },
    undo: {
      en: "Press Withdraw or Cancel on the request; everything it created is deleted.",
      ja: "申請の取り消しボタンまたは中止ボタン。作成したものは削除されます。",
    },
    confirm: false,
  },
  audit: ({ scenario, cluster, registry, subscription }) => {
    const place = cluster ?? registry ?? subscription;
    return {
      ...{ verb: "request", kind: "simulation" },
      ...(scenario && { name: scenario }),
      ...(place && { place }),
    };
  },
  asks: ({ scenario, reason }) => scenario === undefined || reason === undefined,
  run: async (...all) => (await import("./requested.ts")).requestSimulation(...all),
});
