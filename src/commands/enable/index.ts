import { z } from "zod";
import { scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { scopeText } from "../../domain/scope/scope.ts";

export default command({
  texts: {
    en: {
      summary: "Turns on Defender for Containers, or one feature of it, once another person approves",
      detail:
        "First a preview of every setting, before and after. Without a feature: everything that's off. Where Breakwater lacks the permission, the answer is the commands for someone who has it. FEATURE is a feature's ID or name, an extension, or plan, foundational-cspm, sensor, policy-addon, provisioning, cis-standard; or a parameter of a policy, such as allowed-registries or allowed-ports, whose value is shown, or set with --value.",
    },
    ja: {
      summary: "別の方の承認後に、Defender for Containers またはその機能を有効にします",
      detail:
        "はじめに、すべての設定の変更前と変更後を表示します。機能を省略すると、オフのものすべてが対象です。Breakwater に権限がない場合は、権限を持つ方が実行するコマンドを表示します。FEATURE は機能の ID または名前、拡張機能、または plan、foundational-cspm、sensor、policy-addon、provisioning、cis-standard、または allowed-registries や allowed-ports などポリシーのパラメーターです。パラメーターは現在の値を表示し、--value で設定します。",
    },
  },
  examples: [
    "enable cluster:aks-demo",
    "enable cluster:aks-demo workload-detection",
    'enable sub:s1 plan --reason "Audit finding 12"',
    "enable sub:s1 allowed-ports --value 80,443",
  ],
  arguments: z.object({
    scope,
    feature: text("FEATURE", 100).optional(),
    reason: text("REASON", 300).optional(),
    workspace: text("WORKSPACE", 500).optional(),
    value: text("VALUE", 1000).optional(),
  }),
  positional: ["scope", "feature"],
  argumentTexts: {
    scope: {
      en: "Exactly one subscription, cluster or registry.",
      ja: "1 つのサブスクリプション、クラスター、レジストリ。",
    },
    feature: { en: "What to turn on. Default: everything.", ja: "有効にする機能。省略するとすべて。" },
    reason: { en: "The reason, shown to the approver.", ja: "理由。承認者に表示されます。" },
    value: {
      en: "The value of a policy's parameter; none empties a list.",
      ja: "ポリシーのパラメーターの値。none でリストを空にします。",
    },
    workspace: {
      en: "Resource ID of the Log Analytics workspace for the sensor. Default: the one in use there.",
      ja: "センサーが使う Log Analytics ワークスペースのリソース ID。省略すると使用中のもの。",
    },
  },
  access: "member",
  effect: {
    changes: {
      en: "Requests that settings are turned on in Azure; nothing is changed before another person approves it",
      ja: "Azure の設定を有効にするよう申請します。別の方が承認するまで何も変更しません",
    },
    undo: {
      en: "The message of the request has the commands that undo it.",
      ja: "申請のメッセージに、元に戻すコマンドが表示されます。",
    },
    confirm: false,
  },
  audit: ({ scope: asked, feature }) => ({
    ...{ verb: "request", kind: "enablement" },
    ...{ name: feature ?? "Defender for Containers", place: scopeText(asked) },
  }),
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
