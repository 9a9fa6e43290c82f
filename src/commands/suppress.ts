import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { type Alert, alertNames } from "../domain/alerts/alert.ts";
import type { Target } from "../domain/exemptions/exemption-target.ts";
import { type ExemptionPlan, exemptionName } from "../domain/exemptions/exemptions.ts";
import { inScope, scopeText } from "../domain/scope/scope.ts";
import { UserError } from "../errors.ts";
import { exemptionArguments, exemptionArgumentTexts } from "../exemptions/arguments.ts";
import { requestOrRefuse } from "../exemptions/preview.ts";
import { requestAnswer } from "../message/exemptions/exemption-answers.ts";
import { commandLine, minutesWord } from "../message/line.ts";
import { findTarget } from "../readings/target.ts";

export default command({
  texts: {
    en: {
      summary: "Requests that Azure dismisses alerts of one type in one place for a limited time",
      detail:
        "Another person approves it in the channel; then it's an alert suppression rule in Azure, for everyone and in every tool. To quiet one channel only, use mute.",
    },
    ja: {
      summary: "特定の種類のアラートを、Azure が一定期間自動的に無視するように申請します",
      detail:
        "チャンネルで別の方が承認すると、Azure のアラート抑制ルールになり、すべてのツールと利用者に適用されます。1 つのチャンネルだけを静かにするには mute を使ってください。",
    },
  },
  examples: [
    'suppress K8S.NODE_ImdsCall cluster:aks-demo --for 7d --reason "Load test reads the metadata service"',
  ],
  arguments: z.object({
    alertType: text("ALERT-TYPE", 200),
    ...exemptionArguments,
  }),
  positional: ["alertType", "scope"],
  argumentTexts: {
    alertType: { en: "The type or the title of the alert.", ja: "アラートの種類または名前。" },
    ...exemptionArgumentTexts,
  },
  access: "member",
  effect: {
    changes: {
      en: "Requests an alert suppression rule; it's created only after another person approves it",
      ja: "アラート抑制ルールを申請します。別の方が承認するまで作成されません",
    },
    undo: {
      en: "The rule ends by itself. Earlier: delete it in the portal (Defender for Cloud, suppression rules).",
      ja: "期限が来ると自動的に終了します。それより前に終えるには、ポータルの Defender for Cloud の抑制ルールで削除します。",
    },
    confirm: false,
  },
  audit: ({ alertType, scope }) => ({
    ...{ verb: "request", kind: "suppression" },
    ...{ name: alertType, place: scopeText(scope) },
  }),
  async run({ alertType: word, scope: asked, for: length, reason }, ports, { caller, language, audit }) {
    if (/[*?]/.test(word)) throw globRefused();
    const again = (scope: string) =>
      commandLine(["suppress", word, scope], { for: minutesWord(length), reason });
    const target = await findTarget(ports, asked, again);
    const alerts = await ports.readings.alerts();
    const type = alertTypeOf(word, alerts.value);
    const name = exemptionName("alert", type.what, target.place);
    const { id } = target.subscription;
    const plan: ExemptionPlan = {
      ...{ kind: "alert", ...type, reason, requester: caller.person, channel: caller.channel },
      ...{ subscription: target.subscription, scope: target.scope, conditions: target.conditions },
      resource: `/subscriptions/${id}/providers/Microsoft.Security/alertsSuppressionRules/${name}`,
      expires: new Date(Date.parse(ports.clock.now()) + length).toISOString(),
    };
    const known = !alerts.unread.some((one) => one.id === id);
    const matches = known ? matchingAlerts(alerts.value, type.what, target).length : undefined;
    const asking = await requestOrRefuse(ports, plan, matches, audit);
    return requestAnswer(plan, asking, language);
  },
});

function globRefused(): UserError {
  return new UserError(
    {
      en: "Name one alert type: a rule for several would hide alerts that no one has seen yet.",
      ja: "アラートの種類を 1 つ指定してください。複数の種類を対象にすると、まだ誰も確認していないアラートまで隠れます。",
    },
    'suppress K8S.NODE_ImdsCall cluster:aks-demo --for 7d --reason "…"',
  );
}

/** The type that the word names, by the type or the title of an alert that is there; else the word as it was typed. */
function alertTypeOf(word: string, alerts: readonly Alert[]): { what: string; title: string } {
  const same = (name: string) => name.toLowerCase() === word.toLowerCase();
  const known = alerts.find((alert) => alertNames(alert).some(same));
  return known ? { what: known.type, title: known.title } : { what: word, title: word };
}

/** Alerts of the type in the place, whatever their state. */
function matchingAlerts(alerts: readonly Alert[], type: string, target: Target): Alert[] {
  return alerts.filter(
    (alert) =>
      alert.type.toLowerCase() === type.toLowerCase() &&
      alert.place.subscription.id === target.subscription.id &&
      inScope(alert.place, target.scope),
  );
}
