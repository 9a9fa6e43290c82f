import { type Coverage, otherPlans, type SubscriptionCoverage } from "../../domain/coverage/coverage.ts";
import type { ClusterStatus, CoverageSummary } from "../../domain/coverage/coverage-summary.ts";
import type { Gap } from "../../domain/coverage/gap.ts";
import type { Known } from "../../domain/reading/reading.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { fixLine } from "../../message/coverage/fixes.ts";
import { gapSentence } from "../../message/coverage/gap-texts.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: {
    subscriptions_one: "Subscriptions ({{count}} row)",
    subscriptions_other: "Subscriptions ({{count}} rows)",
    clusters_one: "Clusters ({{count}} row)",
    clusters_other: "Clusters ({{count}} rows)",
    gaps_one: "Gaps ({{count}} row)",
    gaps_other: "Gaps ({{count}} rows)",
  },
  ja: {
    subscriptions_other: "サブスクリプション ({{count}} 行)",
    clusters_other: "クラスター ({{count}} 行)",
    gaps_other: "不足 ({{count}} 行)",
  },
});

const header = {
  subscriptions:
    "subscription,subscriptionId,plan,enabledSince,inheritedFrom,managedBy,extensions,otherPlans",
  clusters:
    "subscription,subscriptionId,resourceGroup,cluster,location,version,verdict,plan,sensor,policyAddon,excluded,power,private,workspace,id",
  gaps: "gap,kind,name,subscription,what,howToClose,source,said,at,id",
};

/**
 * Every subscription, cluster and gap, the gaps with their evidence; the headers are words for machines, the same in
 * each language.
 */
export function coverageFiles(
  coverage: Coverage,
  { clusters, gaps }: CoverageSummary,
  at: string,
  language: Language,
): Part[] {
  const file = (kind: keyof typeof header, rows: string[][]): Part => ({
    file: {
      name: `status-${kind}-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
      title: say(language)(kind, { count: rows.length }),
      csv: [header[kind].split(","), ...rows],
    },
  });
  return [
    file("subscriptions", coverage.subscriptions.map(subscriptionRow)),
    file("clusters", clusters.map(clusterRow)),
    file(
      "gaps",
      gaps.map((gap) => gapRow(gap, language)),
    ),
  ];
}

function subscriptionRow(one: SubscriptionCoverage): string[] {
  const { subscription, plan, overlapping } = one;
  return [
    subscription.name,
    subscription.id,
    wordOf(plan.plan),
    plan.enabledSince ?? "",
    plan.inheritedFrom ?? "",
    plan.managedBy ?? "",
    plan.extensions.map(({ name, state }) => `${name}: ${wordOf(state)}`).join("; "),
    overlapping ? otherPlans(one).join("; ") : wordOf(plan.plan),
  ];
}

function clusterRow({ cluster, plan, verdict }: ClusterStatus): string[] {
  return [
    cluster.subscription.name,
    cluster.subscription.id,
    cluster.resourceGroup ?? "",
    cluster.name,
    cluster.location,
    cluster.kubernetesVersion,
    verdict,
    plan ? wordOf(plan) : "unknown",
    wordOf(cluster.sensorProfile),
    wordOf(cluster.policyAddon),
    wordOf(cluster.excluded),
    wordOf(cluster.power),
    String(cluster.private),
    wordOf(cluster.workspace),
    cluster.id,
  ];
}

function gapRow(gap: Gap, language: Language): string[] {
  return [
    gap.kind,
    gap.on.kind,
    gap.on.name,
    gap.subscription.name,
    gapSentence(gap, language),
    fixLine(gap, language),
    gap.evidence?.source ?? "",
    gap.evidence?.said ?? "",
    gap.evidence?.at ?? "",
    gap.on.id,
  ];
}

function wordOf(value: Known<unknown>): string {
  return value.known ? String(value.value ?? "") : `unknown: ${value.why}`;
}
