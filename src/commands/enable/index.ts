import { z } from "zod";
import { scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import type { Coverage } from "../../domain/coverage/coverage.ts";
import type { Gap } from "../../domain/coverage/coverage-summary.ts";
import { featureMatrix } from "../../domain/coverage/feature-matrix.ts";
import type { Left } from "../../domain/enablement/enablement.ts";
import type { PlanInput } from "../../domain/enablement/plan-input.ts";
import { planSteps } from "../../domain/enablement/plan-steps.ts";
import { enableWords, everything, type Wanted, wantedOf } from "../../domain/enablement/wanted.ts";
import type { Target } from "../../domain/exemption-target.ts";
import { scopeText } from "../../domain/scope.ts";
import { requestEnablement } from "../../enablement/request.ts";
import { whyUnread } from "../../enablement/unread.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import { findTarget } from "../../exemptions/target.ts";
import { commandLine } from "../../message/line.ts";
import { nearest } from "../../text/likeness.ts";
import { alreadyOnMessage, lackingMessage, nothingMessage, requestedMessage } from "./answers.ts";

export default command({
  texts: {
    en: {
      summary: "Turns on Defender for Containers, or one feature of it, once another person approves",
      detail:
        "First a preview of every setting, before and after. Without a feature: everything that's off. Where Breakwater lacks the permission, the answer is the commands for someone who has it. FEATURE is a feature's ID or name, an extension, or plan, foundational-cspm, sensor, policy-addon, provisioning, cis-standard.",
    },
    ja: {
      summary: "別の方の承認後に、Defender for Containers またはその機能を有効にします",
      detail:
        "はじめに、すべての設定の変更前と変更後を表示します。機能を省略すると、オフのものすべてが対象です。Breakwater に権限がない場合は、権限を持つ方が実行するコマンドを表示します。FEATURE は機能の ID または名前、拡張機能、または plan、foundational-cspm、sensor、policy-addon、provisioning、cis-standard です。",
    },
  },
  examples: [
    "enable cluster:aks-demo",
    "enable cluster:aks-demo workload-detection",
    'enable sub:s1 plan --reason "Audit finding 12"',
  ],
  arguments: z.object({
    scope,
    feature: text("FEATURE", 100).optional(),
    reason: text("REASON", 300).optional(),
    workspace: text("WORKSPACE", 500).optional(),
  }),
  positional: ["scope", "feature"],
  argumentTexts: {
    scope: {
      en: "Exactly one subscription, cluster or registry.",
      ja: "1 つのサブスクリプション、クラスター、レジストリ。",
    },
    feature: { en: "What to turn on. Default: everything.", ja: "有効にする機能。省略するとすべて。" },
    reason: { en: "The reason, shown to the approver.", ja: "理由。承認者に表示されます。" },
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
  async run({ scope: asked, feature: word, reason, workspace }, ports, { caller, language }) {
    const wanted = word === undefined ? everything : wantedFor(word);
    if (
      workspace !== undefined &&
      !/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i.test(
        workspace,
      )
    )
      throw noWorkspace();
    const target = await findTarget(ports, asked);
    const on = placeOf(target);
    const read = await ports.azure.coverage({ kind: "sub", pattern: target.subscription.id });
    const { value: coverage, asOf } = read;
    const unread = await whyUnread(on, read, ports);
    const there = wanted.word ? cellOf(coverage, asOf, on, wanted.word) : undefined;
    if (there?.value === "on" && !unread) return alreadyOnMessage(on, wanted.word ?? "", there, language);
    const planned = planSteps({
      coverage,
      on,
      wanted,
      workspace,
      unread,
      ...(await standardOf(wanted, target, ports)),
    });
    const { needed, missing, command } = await ports.azure.enablementRights(planned.steps);
    const steps = planned.steps.filter((_, index) => missing[index]!.length === 0);
    const lacking = planned.steps.filter((_, index) => missing[index]!.length > 0);
    const refused = lacking.map((step): Left => {
      const actions = missing[planned.steps.indexOf(step)]!;
      return { on: step.on, what: step.kind, why: "permission", detail: actions.join(", ") };
    });
    const plan = {
      ...{ scope: target.scope, on, subscription: target.subscription, steps },
      ...{ left: [...planned.left, ...refused], billable: planned.billable },
      permissions: [...new Set(needed.filter((_, index) => missing[index]!.length === 0).flat())],
      ...(wanted.word && { feature: wanted.word }),
      ...(planned.managedBy && { managedBy: planned.managedBy }),
      ...(reason && { reason }),
      ...{ requester: caller.person, channel: caller.channel },
    };
    if (steps.length === 0)
      return lacking.length > 0
        ? lackingMessage(plan, lacking, [...new Set(missing.flat())], command, language)
        : nothingMessage(plan, language);
    return requestedMessage(await requestEnablement(ports, plan), lacking, command, language);
  },
});

function wantedFor(word: string): Wanted {
  const wanted = wantedOf(word);
  if (wanted) return wanted;
  const near = nearest(word, enableWords);
  throw new UserError(
    {
      en: `Feature “${word}” not found. Use one of: ${enableWords.join(", ")}`,
      ja: `機能「${word}」は見つかりません。次のいずれかを指定してください: ${enableWords.join("、")}`,
    },
    near && commandLine(["enable", "cluster:NAME", near]),
  );
}

function noWorkspace(): UserError {
  return new UserError({
    en: "--workspace takes the resource ID of a Log Analytics workspace: /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/…",
    ja: "--workspace には Log Analytics ワークスペースのリソース ID を指定してください: /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/…",
  });
}

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

/** What is known of a feature of the catalogue there; undefined for a part that is none. */
function cellOf(coverage: Coverage, at: string, on: Gap["on"], word: string) {
  const matrix = featureMatrix(coverage, at);
  const places = [...matrix.subscriptions, ...matrix.clusters, ...matrix.registries];
  const place = places.find((one) => one.on.kind === on.kind && one.on.id === on.id);
  return place?.cells.find(({ feature }) => feature === word);
}

/** Read only where it is wanted; what can't be read is named in the answer. */
async function standardOf(
  { standard }: Wanted,
  { subscription }: Target,
  { azure }: Pick<Ports, "azure">,
): Promise<Pick<PlanInput, "standard" | "standardUnread">> {
  if (!standard) return {};
  try {
    return { standard: await azure.clusterStandard(subscription.id) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { standardUnread: error.message.slice(0, 200) };
  }
}
