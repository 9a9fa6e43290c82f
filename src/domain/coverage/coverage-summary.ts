import type { Evidence, Known } from "../reading/reading.ts";
import { policyProfileOutcome, profileOutcome, workspaceOutcome } from "./cluster-inputs.ts";
import type { ClusterCoverage, Coverage, Provisioning, SubscriptionCoverage } from "./coverage.ts";
import { extensionIn, planOutcome } from "./feature-inputs.ts";
import { groundOfSubscription, grounds } from "./feature-matrix.ts";
import { type Ground, gapOf, type Outcome } from "./feature-value.ts";
import { type Gap, type GapKind, gapKinds } from "./gap.ts";
import { runsNowhere } from "./pod-evidence.ts";

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

/** Evidence of what was not read; no gap of a setting comes from there. */
const nothing: Evidence = { source: "–", said: "not read", at: "" };

/**
 * Which clusters are covered, and every gap. A cluster is covered where the plan is on (its own, else its
 * subscription's) and its profile asks for the sensor; whether the sensor's pods run, Azure's control plane does not say.
 */
export function summariseCoverage(coverage: Coverage): CoverageSummary {
  const plans = new Map(coverage.subscriptions.map((one) => [one.subscription.id, one]));
  const clusters = coverage.clusters.map((cluster) =>
    clusterStatus(cluster, plans.get(cluster.subscription.id)),
  );
  const groundOf = grounds(coverage, nothing);
  const populated = new Set(coverage.clusters.map(({ subscription }) => subscription.id));
  const gaps = [
    ...coverage.subscriptions.flatMap((one) => subscriptionGaps(one, populated)),
    ...clusters.flatMap(({ cluster }) => clusterGaps(cluster, groundOf(cluster, "cluster"))),
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
  const dead = cluster.pods?.known && runsNowhere(cluster.pods.value);
  const off = dead || needed.some((value) => value?.known && value.value === "off");
  const on = needed.every((value) => value?.known && value.value === "on");
  return { cluster, plan, verdict: off ? "not-covered" : on ? "covered" : "unknown" };
}

function subscriptionGaps(one: SubscriptionCoverage, populated: ReadonlySet<string>): Gap[] {
  const ground = groundOfSubscription(one, nothing);
  return [...planGaps(ground), ...(populated.has(one.subscription.id) ? provisioningGaps(one, ground) : [])];
}

/** What the plan that holds at a place lacks. */
function planGaps(ground: Ground): Gap[] {
  const plan = planOutcome("Containers", ground);
  const state = ground.containers?.state;
  if (plan.value !== "on" || !state) return gapsOf(plan);
  const { managedBy: what, extensions } = state;
  return [
    ...(what ? [gapOf("managed-elsewhere", ground, state.plan.evidence, { what })] : []),
    ...extensions.flatMap(({ name }) => gapsOf(extensionIn(name, "Containers", true, ground))),
  ];
}

function gapsOf({ because }: Outcome): Gap[] {
  return because.flatMap(({ gap }) => gap ?? []);
}

function provisioningGaps({ plan, provisioning }: SubscriptionCoverage, ground: Ground): Gap[] {
  const gap = (kind: GapKind, more: Partial<Gap>) => gapOf(kind, ground, provisioning.evidence, more);
  if (!provisioning.known) return [gap("provisioning-unknown", { detail: provisioning.why })];
  if (!plan.plan.known || plan.plan.value === "off") return [];
  const missing = (["sensor", "policy-addon"] as const)
    .filter((kind) => !provisioning.value.some((assignment) => assignment.kind === kind))
    .map((kind) => gap("provisioning-missing", { what: kind }));
  // One with its English name does the work, whatever else is there.
  const works = (kind: string) => provisioning.value.some((one) => one.kind === kind && one.englishName);
  const localised = provisioning.value
    .filter(({ englishName, kind }) => !englishName && !works(kind))
    .map(({ displayName }) => displayName);
  return [
    ...missing,
    ...(localised.length > 0 ? [gap("provisioning-localised", { what: localised.join(", ") })] : []),
    ...provisioning.value.flatMap((one) => workspaceGaps(one, ground)),
  ];
}

function clusterGaps(cluster: ClusterCoverage, ground: Ground): Gap[] {
  const { excluded, workspace, power } = cluster;
  const { whole } = ground;
  // Where the subscription's plan is unknown for the same reason, one gap says it for all of its clusters.
  const repeated = cluster.plan?.plan.known === false && whole?.plan.plan.known === false;
  const gaps: Gap[] = [
    ...(cluster.plan && !repeated ? planGaps(ground) : []),
    ...gapsOf(profileOutcome(cluster, ground)),
    ...(excluded.known && excluded.value
      ? [gapOf("sensor-excluded", ground, excluded.evidence, { what: cluster.exclusionTag })]
      : []),
    ...gapsOf(policyProfileOutcome(cluster, ground)),
  ];
  const wanted = whole?.provisioning.known
    ? whole.provisioning.value.find(({ kind }) => kind === "sensor")?.workspace
    : undefined;
  if (workspace.known) {
    const { value: what, evidence } = workspace;
    if (what && wanted && what.toLowerCase() !== wanted.toLowerCase())
      gaps.push(gapOf("workspace-other", ground, evidence, { what, detail: wanted }));
    gaps.push(...workspaceGaps({ ...cluster, workspace: what }, ground));
  }
  if (power.known && power.value === "stopped") gaps.push(gapOf("stopped", ground, power.evidence));
  return gaps;
}

/** A workspace that was deleted, or of which that is unknown. */
function workspaceGaps(named: Pick<Provisioning, "workspace" | "workspaceExists">, ground: Ground): Gap[] {
  const outcome = workspaceOutcome(named, ground);
  return outcome ? gapsOf(outcome) : [];
}
