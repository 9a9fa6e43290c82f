import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { auditedEnablement } from "../../domain/audit.ts";
import { findParameter, policyParameters } from "../../domain/catalogue/policy-parameters.ts";
import type { Gap } from "../../domain/coverage/gap.ts";
import type { Left } from "../../domain/enablement/enablement.ts";
import type { Target } from "../../domain/exemptions/exemption-target.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { requestEnablement } from "../../enablement/request.ts";
import { UserError } from "../../errors.ts";
import { commandLine } from "../../message/line.ts";
import { assertSeenByApprovers } from "../../readings/reachable.ts";
import { findTarget } from "../../readings/target.ts";
import { lackingMessage, nothingMessage, requestedMessage } from "./answers.ts";
import { askedFeature, wantedFor } from "./feature.ts";
import { askedParameter } from "./parameter.ts";

type Arguments = { scope: Scope; feature?: string; reason?: string; workspace?: string; value?: string };

/** Requests what turns on what is asked for, and says what is missing for the rest. */
export async function answer(
  { scope: asked, feature: word, reason, workspace, value }: Arguments,
  ports: Ports,
  { caller, language, audit }: Invocation,
): Promise<Answer> {
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
  if ("answer" in said) {
    audit("no-change");
    return said.answer;
  }
  const { planned } = said;
  const feature = parameter?.word ?? wanted.word;
  const { needed, missing, command } = await ports.azure.enablementRights(planned.steps);
  const steps = planned.steps.filter((_, index) => missing[index]!.length === 0);
  const lacking = planned.steps.filter((_, index) => missing[index]!.length > 0);
  const refused = lacking.map((step): Left => {
    const actions = missing[planned.steps.indexOf(step)]!;
    return { on: step.on, what: step.kind, why: "permission", detail: actions.join(", ") };
  });
  const begins = steps.some(({ kind, after }) => kind === "plan" && after.pricingTier);
  const plan = {
    ...{ scope: target.scope, ...place, steps },
    left: [...planned.left, ...refused],
    billable: begins ? planned.billable : { cores: 0, unknown: 0 },
    permissions: [...new Set(needed.filter((_, index) => missing[index]!.length === 0).flat())],
    ...(feature && { feature }),
    ...(planned.managedBy && { managedBy: planned.managedBy }),
    ...(reason && { reason }),
    ...{ requester: caller.person, channel: caller.channel },
  };
  if (steps.length === 0) {
    audit("no-change");
    return lacking.length > 0
      ? lackingMessage(plan, lacking, [...new Set(missing.flat())], command, language)
      : nothingMessage(plan, language);
  }
  await assertSeenByApprovers(caller, ports.chat);
  const { one, again: repeated } = await requestEnablement(ports, plan);
  if (repeated) audit(auditedEnablement("no-change", one));
  return requestedMessage(one, lacking, command, language);
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
