import type { Evidence, Known } from "../reading/reading.ts";
import {
  type ClusterCoverage,
  type Coverage,
  helmInstalled,
  type PlanState,
  type Provisioning,
  type SubscriptionCoverage,
} from "./coverage.ts";

/** What keeps Defender for Containers from covering something, or keeps us from knowing. */
export const gapKinds = [
  "plan-off",
  "plan-unknown",
  "extension-off",
  "extension-failed",
  "extension-unknown",
  "sensor-off",
  "sensor-not-ready",
  "sensor-old",
  "sensor-unknown",
  "sensor-helm",
  "sensor-excluded",
  "workspace-missing",
  "policy-off",
  "policy-not-ready",
  "policy-unknown",
  "foundational-off",
  "provisioning-missing",
  "provisioning-localised",
  "provisioning-unknown",
  "workspace-other",
  "managed-elsewhere",
  "stopped",
  "standard-off",
  "gating-off",
  "antimalware-off",
  "sensor-not-helm",
  "version-old",
  "creating",
  "foundational-unknown",
  "standard-unknown",
  "workspace-unknown",
  "sensor-unchecked",
  "drift-rule-unknown",
] as const;
export type GapKind = (typeof gapKinds)[number];

export type Gap = {
  kind: GapKind;
  /** The subscription, cluster or registry that it is a gap of. */
  on: { kind: "subscription" | "cluster" | "registry"; id: string; name: string };
  subscription: { id: string; name: string };
  /** The extension, the assignment, the other workspace: what exactly. */
  what?: string;
  /** Azure's or our own words on it. */
  detail?: string;
  evidence?: Evidence;
};

export type Verdict = "covered" | "not-covered" | "unknown";

export type ClusterStatus = {
  cluster: ClusterCoverage;
  plan: Known<"on" | "off"> | undefined;
  verdict: Verdict;
};

export type CoverageSummary = {
  clusters: ClusterStatus[];
  /** Most weighty kind first, in the order of `gapKinds`. */
  gaps: Gap[];
};

/**
 * Which clusters are covered, and every gap. A cluster is covered where the plan is on (its own, else its
 * subscription's) and its profile asks for the sensor; whether the sensor's pods run, Azure's control plane does not say.
 */
export function summariseCoverage(coverage: Coverage): CoverageSummary {
  const plans = new Map(coverage.subscriptions.map((one) => [one.subscription.id, one]));
  const clusters = coverage.clusters.map((cluster) =>
    clusterStatus(cluster, plans.get(cluster.subscription.id)),
  );
  const populated = new Set(coverage.clusters.map(({ subscription }) => subscription.id));
  const gaps = [
    ...coverage.subscriptions.flatMap((one) => subscriptionGaps(one, populated)),
    ...clusters.flatMap(({ cluster }) => clusterGaps(cluster, plans.get(cluster.subscription.id))),
  ];
  return { clusters, gaps: gaps.sort((a, b) => gapKinds.indexOf(a.kind) - gapKinds.indexOf(b.kind)) };
}

/** How many clusters have each verdict. */
export function countVerdicts(clusters: readonly ClusterStatus[]): Record<Verdict, number> {
  const counts = { covered: 0, "not-covered": 0, unknown: 0 };
  for (const { verdict } of clusters) counts[verdict]++;
  return counts;
}

function clusterStatus(
  cluster: ClusterCoverage,
  subscription: SubscriptionCoverage | undefined,
): ClusterStatus {
  const plan = cluster.plan?.plan ?? subscription?.plan.plan;
  const needed = [plan, cluster.sensorProfile];
  const off = needed.some((value) => value?.known && value.value === "off");
  const on = needed.every((value) => value?.known && value.value === "on");
  return { cluster, plan, verdict: off ? "not-covered" : on ? "covered" : "unknown" };
}

function subscriptionGaps(one: SubscriptionCoverage, populated: ReadonlySet<string>): Gap[] {
  const { subscription, plan } = one;
  const on: Gap["on"] = { kind: "subscription", id: subscription.id, name: subscription.name };
  const gap = (kind: GapKind, rest: Partial<Gap> = {}): Gap => ({ kind, on, subscription, ...rest });
  return [...planGaps(plan, gap), ...(populated.has(subscription.id) ? provisioningGaps(one, gap) : [])];
}

type MakeGap = (kind: GapKind, rest?: Partial<Gap>) => Gap;

function planGaps(plan: PlanState, gap: MakeGap): Gap[] {
  if (!plan.plan.known) return [gap("plan-unknown", { detail: plan.plan.why, evidence: plan.plan.evidence })];
  if (plan.plan.value === "off") return [gap("plan-off", { evidence: plan.plan.evidence })];
  const managed = plan.managedBy ? [gap("managed-elsewhere", { what: plan.managedBy })] : [];
  return [...managed, ...plan.extensions.flatMap((extension) => extensionGaps(extension, gap))];
}

function extensionGaps({ name, state, failure }: PlanState["extensions"][number], gap: MakeGap): Gap[] {
  const { evidence } = state;
  // A failed extension counts as such whatever its switch says [Pricings 2024-01-01, operationStatus].
  if (failure) return [gap("extension-failed", { what: name, detail: failure, evidence })];
  if (!state.known) return [gap("extension-unknown", { what: name, detail: state.why, evidence })];
  return state.value === "off" ? [gap("extension-off", { what: name, evidence })] : [];
}

function provisioningGaps({ plan, provisioning }: SubscriptionCoverage, gap: MakeGap): Gap[] {
  const { evidence } = provisioning;
  if (!provisioning.known) return [gap("provisioning-unknown", { detail: provisioning.why, evidence })];
  if (!plan.plan.known || plan.plan.value === "off") return [];
  const missing = (["sensor", "policy-addon"] as const)
    .filter((kind) => !provisioning.value.some((assignment) => assignment.kind === kind))
    .map((kind) => gap("provisioning-missing", { what: kind, evidence }));
  // One with its English name does the work, whatever else is there.
  const works = (kind: string) => provisioning.value.some((one) => one.kind === kind && one.englishName);
  const localised = provisioning.value
    .filter(({ englishName, kind }) => !englishName && !works(kind))
    .map(({ displayName }) => displayName);
  return [
    ...missing,
    ...(localised.length > 0
      ? [gap("provisioning-localised", { what: localised.join(", "), evidence })]
      : []),
    ...provisioning.value.flatMap((one) => workspaceGaps(one, gap)),
  ];
}

function clusterGaps(cluster: ClusterCoverage, subscription: SubscriptionCoverage | undefined): Gap[] {
  const on: Gap["on"] = { kind: "cluster", id: cluster.id, name: cluster.name };
  const gap: MakeGap = (kind, rest = {}) => ({ kind, on, subscription: cluster.subscription, ...rest });
  const { sensorProfile, policyAddon, excluded, workspace, power } = cluster;
  // Where the subscription's plan is unknown for the same reason, one gap says it for all of its clusters.
  const repeated = cluster.plan?.plan.known === false && subscription?.plan.plan.known === false;
  const gaps: Gap[] = cluster.plan && !repeated ? planGaps(cluster.plan, gap) : [];
  const helm = helmInstalled(cluster, cluster.plan ?? subscription?.plan);
  if (!sensorProfile.known)
    gaps.push(
      helm
        ? gap("sensor-helm", { detail: helm, evidence: sensorProfile.evidence })
        : unknown(gap, "sensor-unknown", sensorProfile),
    );
  else if (sensorProfile.value === "off") gaps.push(gap("sensor-off", { evidence: sensorProfile.evidence }));
  if (excluded.known && excluded.value) gaps.push(gap("sensor-excluded", { evidence: excluded.evidence }));
  if (!policyAddon.known) gaps.push(unknown(gap, "policy-unknown", policyAddon));
  else if (policyAddon.value === "off") gaps.push(gap("policy-off", { evidence: policyAddon.evidence }));
  const wanted = subscription?.provisioning.known
    ? subscription.provisioning.value.find(({ kind }) => kind === "sensor")?.workspace
    : undefined;
  if (
    workspace.known &&
    workspace.value &&
    wanted &&
    workspace.value.toLowerCase() !== wanted.toLowerCase()
  ) {
    gaps.push(
      gap("workspace-other", { what: workspace.value, detail: wanted, evidence: workspace.evidence }),
    );
  }
  if (workspace.known) gaps.push(...workspaceGaps({ ...cluster, workspace: workspace.value }, gap));
  if (power.known && power.value === "stopped") gaps.push(gap("stopped", { evidence: power.evidence }));
  return gaps;
}

/** A workspace that was deleted, or of which that is unknown. */
function workspaceGaps(
  { workspace: what, workspaceExists: exists }: Pick<Provisioning, "workspace" | "workspaceExists">,
  gap: MakeGap,
): Gap[] {
  if (!exists || (exists.known && exists.value)) return [];
  const { evidence } = exists;
  return exists.known
    ? [gap("workspace-missing", { what, evidence })]
    : [gap("workspace-unknown", { what, detail: exists.why, evidence })];
}

function unknown(gap: MakeGap, kind: GapKind, value: { why: string; evidence: Evidence }): Gap {
  return gap(kind, { detail: value.why, evidence: value.evidence });
}
