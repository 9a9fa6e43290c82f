import { z } from "zod";
import { scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { auditedEnablement } from "../../domain/audit.ts";
import { findParameter, policyParameters } from "../../domain/catalogue/policy-parameters.ts";
import type { Gap } from "../../domain/coverage/coverage-summary.ts";
import type { Left } from "../../domain/enablement/enablement.ts";
import type { Target } from "../../domain/exemptions/exemption-target.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import { requestEnablement } from "../../enablement/request.ts";
import { UserError } from "../../errors.ts";
import { commandLine } from "../../message/line.ts";
import { findTarget } from "../../readings/target.ts";
import { lackingMessage, nothingMessage, requestedMessage } from "./answers.ts";
import { askedFeature, wantedFor } from "./feature.ts";
import { askedParameter } from "./parameter.ts";

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
  async run({ scope: asked, feature: word, reason, workspace, value }, ports, { caller, language, audit }) {
    const parameter = word === undefined ? undefined : findParameter(word);
    if (value !== undefined && !parameter) throw noParameter();
    const wanted = wantedFor(parameter ? undefined : word, workspace);
    const again = (scope: string) =>
      commandLine(["enable", scope, ...(word === undefined ? [] : [word])], { value, reason, workspace });
    const target = await findTarget(ports, asked, again);
    const place = { on: placeOf(target), subscription: target.subscription };
    const said = parameter
      ? await askedParameter(place, { parameter, written: value }, ports, language)
      : await askedFeature(place, { wanted, workspace }, ports, language);
    if ("answer" in said) return said.answer;
    const { planned } = said;
    const feature = parameter?.word ?? wanted.word;
    const { needed, missing, command } = await ports.azure.enablementRights(planned.steps);
    const steps = planned.steps.filter((_, index) => missing[index]!.length === 0);
    const lacking = planned.steps.filter((_, index) => missing[index]!.length > 0);
    const refused = lacking.map((step): Left => {
      const actions = missing[planned.steps.indexOf(step)]!;
      return { on: step.on, what: step.kind, why: "permission", detail: actions.join(", ") };
    });
    const plan = {
      ...{ scope: target.scope, ...place, steps },
      ...{ left: [...planned.left, ...refused], billable: planned.billable },
      permissions: [...new Set(needed.filter((_, index) => missing[index]!.length === 0).flat())],
      ...(feature && { feature }),
      ...(planned.managedBy && { managedBy: planned.managedBy }),
      ...(reason && { reason }),
      ...{ requester: caller.person, channel: caller.channel },
    };
    if (steps.length === 0)
      return lacking.length > 0
        ? lackingMessage(plan, lacking, [...new Set(missing.flat())], command, language)
        : nothingMessage(plan, language);
    const { one, again: repeated } = await requestEnablement(ports, plan);
    if (repeated) audit(auditedEnablement("no-change", one));
    return requestedMessage(one, lacking, command, language);
  },
});

/** @throws UserError for a resource group: Azure has no plan there. */
function placeOf({ scope: { kind, pattern }, place, subscription }: Target): Gap["on"] {
  if (kind === "cluster" || kind === "registry") return { kind, id: place, name: pattern };
  if (kind === "sub") return { kind: "subscription", id: subscription.id, name: subscription.name };
  const word = scopeText({ kind, pattern });
  throw new UserError({
    en: `“${word}” is a resource group. Azure turns Defender on for a subscription, a cluster or a registry: use sub:, cluster: or registry:.`,
    ja: `「${word}」はリソース グループです。Defender を有効にできるのは、サブスクリプション、クラスター、レジストリです。sub:、cluster:、registry: を付けて指定してください。`,
  });
}

function noParameter(): UserError {
  const words = policyParameters.map(({ word }) => word);
  return new UserError(
    {
      en: `--value sets a parameter of a policy. Use one of: ${words.join(", ")}`,
      ja: `--value はポリシーのパラメーターの値です。次のいずれかを指定してください: ${words.join("、")}`,
    },
    "enable sub:NAME allowed-ports --value 80,443",
  );
}
