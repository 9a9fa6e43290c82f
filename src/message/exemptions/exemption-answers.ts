import type { Exemption, ExemptionPlan } from "../../domain/exemptions/exemptions.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../message.ts";
import { exemptionHeadline, exemptionPlace } from "./exemptions.ts";

const say = sentences({
  en: {
    decide: "Posted in this channel. An approver has to decide by {{until}}; until then nothing changes.",
    missing: "Breakwater is missing a permission in {{place}}: {{actions}}",
    grant: "It's an optional role, described in docs/exemptions.md. To grant it:",
    role: "If the role doesn't exist yet, write your scopes into AssignableScopes of the file and create it first:",
  },
  ja: {
    decide:
      "このチャンネルに投稿しました。{{until}} までに承認者が判断してください。それまでは何も変わりません。",
    missing: "{{place}} で Breakwater に権限がありません: {{actions}}",
    grant: "省略可能なロールです (docs/exemptions.md)。付与するコマンド:",
    role: "ロールがまだない場合は、ファイルの AssignableScopes に自分のスコープを書き、先に作成してください:",
  },
});

/** The answer to who requested it, or who can't: the bot's permission for it is looked up before anyone approves. */
export function requestAnswer(
  plan: ExemptionPlan,
  asking: { exemption: Exemption } | { missing: string[]; command: string },
  language: Language,
): Message {
  return "missing" in asking
    ? rightsMessage(plan, asking, language)
    : requestedMessage(asking.exemption, language);
}

function requestedMessage(one: Exemption, language: Language): Message {
  const until = { time: one.approvable, style: "clock" as const };
  return {
    headline: exemptionHeadline(one, language),
    tone: "good",
    parts: [{ sentence: say(language).rich("decide", { until }) }],
  };
}

/** The answer where the bot may not do it: the permission, and the commands that grant it. */
function rightsMessage(
  plan: ExemptionPlan,
  { missing, command }: { missing: string[]; command: string },
  language: Language,
): Message {
  const words = say(language);
  const place = plan.scope.kind === "sub" ? exemptionPlace(plan) : plan.subscription.name;
  return {
    headline: words("missing", { place, actions: missing.join(", ") }),
    tone: "bad",
    parts: [
      { note: words("grant") },
      { sentence: { code: command } },
      { note: words("role") },
      { sentence: { code: "az role definition create --role-definition docs/azure-exemption-role.json" } },
    ],
  };
}
