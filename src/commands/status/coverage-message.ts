import type { Coverage, PlanState, SubscriptionCoverage } from "../../domain/coverage/coverage.ts";
import {
  type ClusterStatus,
  type CoverageSummary,
  countVerdicts,
  type Gap,
} from "../../domain/coverage/coverage-summary.ts";
import { type Known, type Read, readWhole } from "../../domain/reading.ts";
import type { Scope } from "../../domain/scope.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { extensionWord } from "../../message/extension-word.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { coverageFiles } from "./coverage-files.ts";
import { fixLine } from "./fixes.ts";
import { gapSentence } from "./gap-texts.ts";

const say = sentences({
  en: {
    covered_one: "The only cluster is covered",
    covered_other: "All {{count}} clusters are covered",
    uncovered_one: "Not covered: {{bad}} of {{count}} cluster",
    uncovered_other: "Not covered: {{bad}} of {{count}} clusters",
    unknown: "; {{count}} unknown",
    none: "No clusters in scope",
    gaps_one: "{{count}} gap",
    gaps_other: "{{count}} gaps",
    clusters: "Clusters",
    cluster: "Cluster",
    subscription: "Subscription",
    covered: "Covered",
    sensor: "Sensor",
    policy: "Policy add-on",
    notes: "Notes",
    yes: "yes",
    no: "no",
    on: "on",
    off: "off",
    "?": "unknown",
    plan: "Plan {{state}}",
    inherited: "inherited from {{from}}",
    since: "since {{day}}",
    "managed-by": "managed by {{by}}",
    extensions: "on: {{on}}; off: {{off}}",
    nothing: "none",
    also: "other plans: {{plans}}",
    private: "private",
    stopped: "stopped",
    excluded: "excluded by tag",
    own: "own plan",
    registries_one: "{{count}} registry",
    registries_other: "{{count}} registries",
    gaps: "Gaps and how to close them",
    "more-subscriptions_one": "{{count}} more subscription: --csv has them all.",
    "more-subscriptions_other": "{{count}} more subscriptions: --csv has them all.",
    more_one: "{{count}} more gap: {{line}} has them all.",
    more_other: "{{count}} more gaps: {{line}} has them all.",
    profile:
      "“Covered” says what is switched on. Whether the sensor's pods run, only the cluster itself knows.",
  },
  ja: {
    covered_one: "クラスターは保護されています (1 個)",
    covered_other: "クラスター {{count}} 個はすべて保護されています",
    uncovered_one: "クラスター {{count}} 個のうち {{bad}} 個が保護されていません",
    uncovered_other: "クラスター {{count}} 個のうち {{bad}} 個が保護されていません",
    unknown: "、不明 {{count}} 個",
    none: "対象のクラスターはありません",
    gaps_one: "不足 {{count}} 件",
    gaps_other: "不足 {{count}} 件",
    clusters: "クラスター",
    cluster: "クラスター",
    subscription: "サブスクリプション",
    covered: "保護",
    sensor: "センサー",
    policy: "Policy アドオン",
    notes: "備考",
    yes: "あり",
    no: "なし",
    on: "オン",
    off: "オフ",
    "?": "不明",
    plan: "プラン {{state}}",
    inherited: "{{from}} から継承",
    since: "{{day}} から",
    "managed-by": "{{by}} が管理",
    extensions: "オン: {{on}}、オフ: {{off}}",
    nothing: "なし",
    also: "ほかのプラン: {{plans}}",
    private: "プライベート",
    stopped: "停止中",
    excluded: "タグで除外",
    own: "個別のプラン",
    registries_one: "レジストリ {{count}} 個",
    registries_other: "レジストリ {{count}} 個",
    gaps: "不足と対処方法",
    "more-subscriptions_one": "ほかにサブスクリプションが {{count}} 個あります。--csv ですべて出力します。",
    "more-subscriptions_other": "ほかにサブスクリプションが {{count}} 個あります。--csv ですべて出力します。",
    more_one: "ほかに {{count}} 件あります。{{line}} ですべて出力します。",
    more_other: "ほかに {{count}} 件あります。{{line}} ですべて出力します。",
    profile:
      "「保護」は設定がオンであることを示します。センサーのポッドが動いているかは、クラスターの中でしか分かりません。",
  },
});

const gapsShown = 12;
const subscriptionsShown = 10;

/** The answer of `status`: how many clusters are not covered, each cluster, each subscription, each gap. */
export function coverageMessage(
  read: Read<Coverage>,
  summary: CoverageSummary,
  { language, csv, scope }: { language: Language; csv: boolean; scope?: Scope },
): Message {
  const words = say(language);
  const { value: coverage } = read;
  const { gaps } = summary;
  const facts = [...coverage.subscriptions]
    .sort((a, b) => worth(a) - worth(b) || a.subscription.name.localeCompare(b.subscription.name, "en"))
    .slice(0, subscriptionsShown)
    .map((one): [string, Sentence] => [one.subscription.name, subscriptionFact(one, coverage, language)]);
  const hidden = coverage.subscriptions.length - facts.length;
  const left = gaps.length - gapsShown;
  const parts: (Part | undefined)[] = [
    summary.clusters.length > 0 ? clusterTable(summary.clusters, language) : undefined,
    facts.length > 0 ? { facts } : undefined,
    hidden > 0 ? { note: words("more-subscriptions", { count: hidden }) } : undefined,
    gaps.length > 0 ? { sentence: { strong: words("gaps") } } : undefined,
    gaps.length > 0 ? { list: gaps.slice(0, gapsShown).map((gap) => gapLine(gap, language)) } : undefined,
    left > 0 && !csv
      ? { note: words.rich("more", { count: left, line: { code: "status --csv" } }) }
      : undefined,
    ...(csv ? coverageFiles(coverage, summary, read.asOf, language) : []),
    { note: words("profile") },
    ...asOf(read, language),
  ];
  return {
    headline: withFilters(`${headline(summary, language)}${partly(read, language)}`, { scope }, language),
    tone: tone(summary, read),
    parts: parts.filter((part) => part !== undefined),
  };
}

/** Subscriptions without the plan come first. */
function worth({ plan }: SubscriptionCoverage): number {
  if (!plan.plan.known) return 1;
  return plan.plan.value === "off" ? 0 : 2;
}

function headline({ clusters, gaps }: CoverageSummary, language: Language): string {
  const words = say(language);
  const counts = countVerdicts(clusters);
  const bad = counts["not-covered"];
  const key = bad > 0 || counts.unknown > 0 ? "uncovered" : "covered";
  const answer = clusters.length === 0 ? words("none") : words(key, { bad, count: clusters.length });
  const unknown = counts.unknown > 0 ? words("unknown", { count: counts.unknown }) : "";
  return [`${answer}${unknown}`, gaps.length > 0 ? words("gaps", { count: gaps.length }) : ""]
    .filter(Boolean)
    .join(" · ");
}

function tone({ clusters, gaps }: CoverageSummary, read: Read<Coverage>): Message["tone"] {
  if (clusters.some(({ verdict }) => verdict === "not-covered")) return "bad";
  if (gaps.length > 0 || !readWhole(read) || clusters.some(({ verdict }) => verdict === "unknown"))
    return "warning";
  return clusters.length > 0 ? "good" : "neutral";
}

function clusterTable(clusters: readonly ClusterStatus[], language: Language): Part {
  const words = say(language);
  const verdicts = { covered: words("yes"), "not-covered": words("no"), unknown: words("?") };
  const worst = { "not-covered": 0, unknown: 1, covered: 2 };
  const rows = [...clusters]
    .sort((a, b) => worst[a.verdict] - worst[b.verdict] || a.cluster.name.localeCompare(b.cluster.name, "en"))
    .map(({ cluster, verdict }): Cell[] => [
      cluster.name,
      cluster.subscription.name,
      verdicts[verdict],
      switchWord(cluster.sensorProfile, language),
      switchWord(cluster.policyAddon, language),
      notes(cluster, language) || "–",
    ]);
  const columns = ["cluster", "subscription", "covered", "sensor", "policy", "notes"] as const;
  return {
    table: {
      caption: words("clusters"),
      columns: columns.map((key) => ({ label: words(key) })),
      rows,
      pageSize: 10,
    },
  };
}

function notes(cluster: ClusterStatus["cluster"], language: Language): string {
  const words = say(language);
  const { power, excluded } = cluster;
  const said = [
    cluster.private ? words("private") : "",
    power.known && power.value === "stopped" ? words("stopped") : "",
    excluded.known && excluded.value ? words("excluded") : "",
    cluster.plan?.plan.known ? words("own") : "",
  ];
  return formatItems(said.filter(Boolean), language);
}

function switchWord(value: Known<"on" | "off">, language: Language): string {
  return say(language)(value.known ? value.value : "?");
}

function subscriptionFact(one: SubscriptionCoverage, coverage: Coverage, language: Language): string {
  const words = say(language);
  const { plan, otherPlans } = one;
  const registries = coverage.registries.filter(
    ({ subscription }) => subscription.id === one.subscription.id,
  ).length;
  return [
    words("plan", { state: switchWord(plan.plan, language) }),
    plan.inheritedFrom ? words("inherited", { from: plan.inheritedFrom }) : "",
    plan.enabledSince ? words("since", { day: plan.enabledSince.slice(0, 10) }) : "",
    plan.managedBy ? words("managed-by", { by: plan.managedBy }) : "",
    plan.plan.known && plan.plan.value === "on" ? extensionsFact(plan, language) : "",
    otherPlans.known && otherPlans.value.length > 0
      ? words("also", { plans: formatItems(otherPlans.value, language) })
      : "",
    registries > 0 ? words("registries", { count: registries }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function extensionsFact({ extensions }: PlanState, language: Language): string {
  const words = say(language);
  const names = (wanted: boolean) => {
    const some = extensions
      .filter(({ state }) => (state.known && state.value === "on") === wanted)
      .map(({ name, state }) => `${extensionWord(name, language)}${state.known ? "" : ` (${words("?")})`}`);
    return formatItems(some, language) || words("nothing");
  };
  return words("extensions", { on: names(true), off: names(false) });
}

function gapLine(gap: Gap, language: Language): Sentence {
  return [{ strong: gap.on.name }, `: ${gapSentence(gap, language)} → ${fixLine(gap, language)}`];
}
