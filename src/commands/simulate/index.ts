import { z } from "zod";
import { text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { requested } from "./requested.ts";

const named = (word: string, most = 300) => text(word, most).optional();

export default command({
  texts: {
    en: {
      summary: "Asks to simulate an attack, to prove that Defender sees it",
      detail:
        "What is missing is asked for. Somebody else must approve in the channel; then it runs, waits for Defender, reports, and removes what it created.",
    },
    ja: {
      summary: "攻撃のシミュレーションを申請し、Defender が検出することを確かめます",
      detail:
        "足りない項目は入力を求めます。チャンネルで別の方が承認すると実行し、Defender の検出を待って結果を報告し、作成したものを削除します。",
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
    scenario: { en: "Which attack.", ja: "攻撃の種類。" },
    cluster: {
      en: "Where: only clusters of simulations.clusters, without a tag that refuses it.",
      ja: "対象のクラスター。simulations.clusters にあり、禁止するタグのないものだけです。",
    },
    reason: { en: "Why; the approver reads it.", ja: "理由。承認者に表示されます。" },
    registry: {
      en: "For vulnerable-image: into which registry.",
      ja: "vulnerable-image のインポート先レジストリ。",
    },
    node: { en: "For node-malware: on which Linux node.", ja: "node-malware の対象の Linux ノード。" },
    image: { en: "For vulnerable-image: which old image.", ja: "vulnerable-image で使う古いイメージ。" },
    subscription: { en: "For sample-alerts: where.", ja: "sample-alerts の対象サブスクリプション。" },
  },
  access: "member",
  effect: {
    changes: {
      en: "A simulation is requested; it runs only after somebody else has approved it",
      ja: "シミュレーションを申請します。別の方が承認するまで実行されません",
    },
    undo: {
      en: "The button Withdraw or Cancel of the request: what was created is removed.",
      ja: "申請の取り下げボタンまたは中止ボタン。作成したものは削除されます。",
    },
    confirm: false,
  },
  asks: ({ scenario, reason }) => scenario === undefined || reason === undefined,
  run: requested,
});
