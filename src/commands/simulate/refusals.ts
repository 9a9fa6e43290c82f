import type { ScenarioAbout } from "../../domain/simulations/events.ts";
import type { Preflight, Run } from "../../domain/simulations/simulation.ts";
import { UserError } from "../../errors.ts";
import { type Language, languages } from "../../locales/language.ts";
import { type Said, sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part } from "../../message/message.ts";
import { checkParts } from "../../message/simulations/checks.ts";
import { targetName } from "../../message/simulations/request.ts";
import { checkWhy } from "../../message/simulations/words.ts";
import type { Settings } from "../../settings/settings.ts";

const texts = {
  en: {
    "no-scenario": "There is no scenario “{{word}}”. There are: {{names}}.",
    "no-cluster": "I see no cluster “{{word}}” in scope.",
    "not-allowed":
      "Simulations may not run on {{word}}: add it to simulations.clusters in breakwater.yaml (now: {{names}}).",
    tagged: "Simulations may not run on {{word}}: it carries the tag {{names}} (simulations.refuseTags).",
    ambiguous: "There are several of that name: write one of {{names}}.",
    "no-registry": "I see no registry “{{word}}” in scope.",
    "no-subscription": "I see no subscription “{{word}}” in scope.",
    "no-choice": "{{word}} is none of {{names}}.",
    place: "An approver must be able to see the request: ask in a channel, not in a direct conversation.",
    absent:
      "I am not in this channel, so nobody would see the request. Type “/invite @Breakwater” here first.",
    setup: "No simulation can run yet: {{what}}",
    approvers: "nobody may approve one",
    clusters: "no cluster is allowed",
    both: "nobody may approve one, and no cluster is allowed",
    write: "Add to breakwater.yaml, and start the bot again:",
    own: "Nobody approves their own request, so that at least two people are needed.",
    blocked: "{{scenario}} cannot run on {{target}}: {{why}}",
    nothing: "Nothing was requested, and nothing was changed.",
    doctor: "Run doctor",
    status: "Coverage",
  },
  ja: {
    "no-scenario": "「{{word}}」というシナリオはありません。使えるもの: {{names}}。",
    "no-cluster": "対象範囲に「{{word}}」というクラスターは見つかりません。",
    "not-allowed":
      "{{word}} ではシミュレーションを実行できません。breakwater.yaml の simulations.clusters に追加してください (現在: {{names}})。",
    tagged:
      "{{word}} ではシミュレーションを実行できません。タグ {{names}} が付いています (simulations.refuseTags)。",
    ambiguous: "同じ名前のものが複数あります。次のいずれかを指定してください: {{names}}。",
    "no-registry": "対象範囲に「{{word}}」というレジストリは見つかりません。",
    "no-subscription": "対象範囲に「{{word}}」というサブスクリプションは見つかりません。",
    "no-choice": "「{{word}}」は指定できません。指定できる値: {{names}}。",
    place: "承認者が申請を見られるように、ダイレクト メッセージではなくチャンネルで申請してください。",
    absent:
      "このチャンネルにボットが参加していないため、申請が誰にも見えません。先に「/invite @Breakwater」と入力してください。",
    setup: "まだシミュレーションを実行できません: {{what}}",
    approvers: "承認者が設定されていません",
    clusters: "許可されたクラスターがありません",
    both: "承認者も、許可されたクラスターも設定されていません",
    write: "breakwater.yaml に次の行を追加し、ボットを再起動してください:",
    own: "自分の申請は自分では承認できないため、少なくとも 2 人必要です。",
    blocked: "{{target}} では {{scenario}} を実行できません: {{why}}",
    nothing: "申請は行わず、何も変更していません。",
    doctor: "doctor を実行",
    status: "カバレッジ",
  },
};
const say = sentences(texts);
export type Refusal = Said<keyof (typeof texts)["en"]>;

/** A sentence that says what is wrong with the request. */
export function refusal(key: Refusal, values: Record<string, string> = {}, example?: string): UserError {
  const [en, ja] = languages.map((language) => say(language)(key, values));
  return new UserError({ en: en!, ja: ja! }, example ?? "simulate");
}

/** What the settings lack before any simulation can run, as the very lines to write; undefined where nothing is. */
export function setupMessage(
  settings: Pick<Settings, "access" | "simulations">,
  language: Language,
): Message | undefined {
  const words = say(language);
  const approvers = settings.access.approvers.length === 0;
  const clusters = settings.simulations.clusters.length === 0;
  if (!approvers && !clusters) return undefined;
  const what = words(approvers && clusters ? "both" : approvers ? "approvers" : "clusters");
  const lines = [
    ...(approvers
      ? ["access:", "  approvers: [U0123456789, S0123456789]   # Slack users or user groups"]
      : []),
    ...(clusters ? ["simulations:", "  clusters: [aks-demo, aks-test-*]"] : []),
  ];
  return {
    headline: words("setup", { what }),
    tone: "warning",
    parts: [
      { sentence: words("write") },
      { quote: lines.join("\n") },
      ...(approvers ? [{ note: words("own") }] : []),
    ],
  };
}

/** What the check before a request found that forbids it. */
export function blockedMessage(
  plan: Pick<Run, "scenario" | "cluster" | "registry" | "subscription">,
  preflight: Preflight,
  expects: ScenarioAbout["expects"],
  language: Language,
): Message {
  const words = say(language);
  const why = preflight.checks.filter(({ blocks }) => blocks).map(({ name }) => checkWhy(name, language));
  const scope = plan.cluster ? `cluster:${plan.cluster.name}` : `sub:${plan.subscription.name}`;
  const parts: Part[] = [
    ...checkParts(preflight, expects, language),
    { note: words("nothing") },
    {
      actions: [
        { label: words("doctor"), line: "doctor" },
        { label: words("status"), line: commandLine(["status", scope]) },
      ],
    },
  ];
  const values = { scenario: plan.scenario, target: targetName(plan), why: why.join("; ") };
  return { headline: words("blocked", values), tone: "bad", parts };
}
