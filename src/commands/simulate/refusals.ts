import type { Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import type { ScenarioAbout } from "../../domain/simulations/events.ts";
import { type Preflight, type Run, targetName } from "../../domain/simulations/simulation.ts";
import { UserError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { type Said, sentences } from "../../locales/sentences.ts";
import { someOf } from "../../message/findings/artifact.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part } from "../../message/message.ts";
import { checkParts } from "../../message/simulations/checks.ts";
import { checkWhy } from "../../message/simulations/words.ts";
import { languages } from "../../text/language.ts";

const texts = {
  en: {
    "no-scenario": "Scenario “{{word}}” not found. Use one of: {{names}}.",
    "no-cluster": "Cluster “{{word}}” not found in scope.",
    "not-allowed":
      "Simulations aren't allowed on {{word}}. To allow them, add it to simulations.clusters in breakwater.yaml (now: {{names}}).",
    tagged: "Simulations aren't allowed on {{word}}: it has the tag {{names}} (simulations.refuseTags).",
    ambiguous: "More than one has that name. Use one of: {{names}}.",
    "no-registry": "Registry “{{word}}” not found in scope.",
    "no-subscription": "Subscription “{{word}}” not found in scope.",
    unread: "Not everything in Azure could be read: {{names}}.",
    "no-choice": "Invalid value “{{word}}”. Use one of: {{names}}.",
    setup: "Simulations aren't set up yet: {{what}}",
    approvers: "no approvers",
    clusters: "no allowed clusters",
    both: "no approvers and no allowed clusters",
    write: "Add this to breakwater.yaml and restart Breakwater:",
    own: "Requesters can't approve their own requests, so you need at least two people.",
    blocked: "Can't run {{scenario}} on {{target}}: {{why}}",
    nothing: "Nothing was requested or changed.",
    doctor: "Run doctor",
    status: "Coverage",
  },
  ja: {
    "no-scenario": "シナリオ「{{word}}」が見つかりません。指定できる値: {{names}}。",
    "no-cluster": "対象範囲にクラスター「{{word}}」が見つかりません。",
    "not-allowed":
      "{{word}} ではシミュレーションを実行できません。breakwater.yaml の simulations.clusters に追加してください (現在: {{names}})。",
    tagged:
      "{{word}} ではシミュレーションを実行できません。タグ {{names}} が付いています (simulations.refuseTags)。",
    ambiguous: "同じ名前のものが複数あります。次のいずれかを指定してください: {{names}}。",
    "no-registry": "対象範囲にレジストリ「{{word}}」が見つかりません。",
    "no-subscription": "対象範囲にサブスクリプション「{{word}}」が見つかりません。",
    unread: "Azure の一部を読み取れませんでした: {{names}}。",
    "no-choice": "「{{word}}」は無効な値です。指定できる値: {{names}}。",
    setup: "シミュレーションの設定が完了していません: {{what}}",
    approvers: "承認者が設定されていません",
    clusters: "許可されたクラスターがありません",
    both: "承認者と許可されたクラスターが設定されていません",
    write: "breakwater.yaml に次の行を追加し、ボットを再起動してください:",
    own: "自分の申請は承認できないため、少なくとも 2 人必要です。",
    blocked: "{{target}} では {{scenario}} を実行できません: {{why}}",
    nothing: "申請は行わず、何も変更していません。",
    doctor: "doctor を実行",
    status: "カバレッジ",
  },
};
const say = sentences(texts);
export type Refusal = Said<keyof (typeof texts)["en"]>;

/** The error for a request that can't be made. */
export function refusal(key: Refusal, values: Record<string, string> = {}, example?: string): UserError {
  const [en, ja] = languages.map((language) => say(language)(key, values));
  return new UserError({ en: en!, ja: ja! }, example ?? "simulate");
}

/** The error for a name that nothing has, as far as Azure could be read. */
export function notFound(
  key: "no-cluster" | "no-registry" | "no-subscription",
  word: string,
  { unread, example }: { unread: readonly Unread[]; example?: string },
): UserError {
  const [en, ja] = languages.map((language) => {
    const names = someOf(
      unread.map(({ id, name }) => name || id),
      5,
      language,
    );
    const partly = unread.length > 0 ? [say(language)("unread", { names })] : [];
    return [say(language)(key, { word }), ...partly].join(language === "ja" ? "" : " ");
  });
  return new UserError({ en: en!, ja: ja! }, example ?? "simulate");
}

/** The lines to add to breakwater.yaml before any simulation can run; undefined if none are missing. */
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

/** The preflight result that blocks a request. */
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
