import type { FeatureCell } from "../../domain/coverage/feature-matrix.ts";
import type { Gap } from "../../domain/coverage/gap.ts";
import type { Enablement, EnablementPlan, PlannedStep } from "../../domain/enablement/enablement.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { evidenceWords, reasonSentence, valueWord } from "../../message/coverage/feature-words.ts";
import { showFixes } from "../../message/coverage/fixes.ts";
import { roleCondition } from "../../message/enablement/commands.ts";
import { enablementHeadline } from "../../message/enablement/enablement.ts";
import { commandParts, leftParts, settingsTable } from "../../message/enablement/parts.ts";
import { partWord } from "../../message/enablement/words.ts";
import type { Message, Part } from "../../message/message.ts";

const say = sentences({
  en: {
    decide: "Posted in this channel. An approver has to decide by {{until}}; until then nothing changes.",
    missing: "Breakwater is missing a permission in Azure on {{place}}: {{actions}}",
    unchanged: "Nothing was requested. Someone who has the permission can run:",
    others_one:
      "{{count}} change isn't part of the request: Breakwater is missing the permission. Someone who has it can run:",
    others_other:
      "{{count}} changes aren't part of the request: Breakwater is missing the permission. Someone who has it can run:",
    grant: "Or give Breakwater the optional role (docs/enable.md):",
    role: "If the role doesn't exist yet, write your scopes into AssignableScopes of the file and create it first:",
    already: "Already on: {{what}} on {{place}}",
    "settings-on":
      "Nothing to turn on: all settings for {{what}} on {{place}} are on, but its state is “{{state}}”",
    "nothing-off": "Nothing to turn on: everything that was asked for is on in {{place}}",
    "nothing-possible": "Nothing can be turned on from here on {{place}}",
  },
  ja: {
    decide:
      "このチャンネルに投稿しました。{{until}} までに承認者が判断してください。それまでは何も変わりません。",
    missing: "{{place}} で Breakwater に Azure の権限がありません: {{actions}}",
    unchanged: "申請していません。権限を持つ方は次のコマンドを実行できます。",
    others_other:
      "Breakwater に権限がないため、{{count}} 件の変更は申請に含まれません。権限を持つ方は次のコマンドを実行できます。",
    grant: "または、省略可能なロールを Breakwater に付与してください (docs/enable.ja.md):",
    role: "ロールがまだない場合は、ファイルの AssignableScopes に自分のスコープを書き、先に作成してください:",
    already: "すでにオンです: {{place}} の{{what}}",
    "settings-on":
      "有効にする設定はありません: {{place}} の{{what}}の設定はすべてオンですが、状態は「{{state}}」です",
    "nothing-off": "有効にするものはありません: {{place}} では、指定されたものはすべてオンです",
    "nothing-possible": "{{place}} では、ここから有効にできるものはありません",
  },
});

/** The answer to who requested it; what the bot may not do comes as commands for someone who may. */
export function requestedMessage(
  one: Enablement,
  lacking: readonly PlannedStep[],
  command: string | undefined,
  language: Language,
): Message {
  const words = say(language);
  const until = { time: one.approvable, style: "clock" as const };
  return {
    headline: enablementHeadline(one, language),
    tone: "good",
    parts: [
      { sentence: words.rich("decide", { until }) },
      ...(lacking.length > 0
        ? [
            { note: words("others", { count: lacking.length }) },
            ...commandParts(lacking, "do", language),
            ...grantParts(command, language),
          ]
        : []),
    ],
  };
}

/** The answer where the bot may do none of it: what would change, the commands, and the one that grants the role. */
export function lackingMessage(
  plan: EnablementPlan,
  lacking: readonly PlannedStep[],
  actions: readonly string[],
  command: string | undefined,
  language: Language,
): Message {
  const words = say(language);
  return {
    headline: words("missing", { place: plan.on.name, actions: actions.join(", ") }),
    tone: "bad",
    parts: [
      settingsTable(lacking, language),
      { note: words("unchanged") },
      ...commandParts(lacking, "do", language),
      ...grantParts(command, language),
      ...leftParts(
        plan.left.filter(({ why }) => why !== "permission"),
        language,
      ),
    ],
  };
}

/** The answer where nothing is off, or nothing of it can be turned on. */
export function nothingMessage({ on, left }: EnablementPlan, language: Language): Message {
  const words = say(language);
  const values = { place: on.name };
  if (left.length === 0) return { headline: words("nothing-off", values), tone: "good", parts: [] };
  return {
    headline: words("nothing-possible", values),
    tone: "warning",
    parts: leftParts(left, language),
  };
}

/** The answer where all settings of a feature are on, with the evidence; its state may be another one all the same. */
export function settingsOnMessage(
  on: Gap["on"],
  feature: string,
  cell: FeatureCell,
  language: Language,
): Message {
  const words = say(language);
  const what = { what: partWord(feature, language), place: on.name };
  const [reason] = cell.because;
  const evidence: Part[] = reason ? [{ note: evidenceWords(reason, language) }] : [];
  if (cell.value === "on") return { headline: words("already", what), tone: "good", parts: evidence };
  const why = reasonSentence(cell, language);
  return {
    headline: words("settings-on", { ...what, state: valueWord(cell.value, language) }),
    tone: "warning",
    parts: [
      ...(why ? [{ sentence: why }] : []),
      ...evidence,
      { actions: [showFixes(`${on.kind}:${on.name}`, language)] },
    ],
  };
}

function grantParts(command: string | undefined, language: Language): Part[] {
  if (!command) return [];
  const words = say(language);
  const conditional = command.split("\n").map((line) => `${line} ${roleCondition()}`);
  return [
    { note: words("grant") },
    { code: conditional.join("\n") },
    { note: words("role") },
    { code: "az role definition create --role-definition docs/azure-enablement-role.json" },
  ];
}
