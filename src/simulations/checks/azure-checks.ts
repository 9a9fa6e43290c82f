import {
  type ClusterCoverage,
  type Coverage,
  helmInstalled,
  otherPlans,
  type PlanState,
  type SubscriptionCoverage,
} from "../../domain/coverage/coverage.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { allowedCluster, checked, refusedTags } from "../../domain/simulations/preflight.ts";
import type { CheckResult, ClusterRef } from "../../domain/simulations/simulation.ts";
import type { Parts, Plan, SimulationPorts } from "../parts.ts";
import { words } from "./cluster-checks.ts";

type Checked = { checks: CheckResult[]; suppressed: string[] };
type AzurePorts = Pick<SimulationPorts, "azure" | "settings" | "clock">;

/** What the settings and Azure say: allowed, tags, plan and extensions, suppression rules, rights of the bot in Azure. */
export async function azureChecks(ports: AzurePorts, plan: Plan, parts: Parts): Promise<Checked> {
  const [allowed, target, coverage, suppression, rights] = await Promise.all([
    allowedChecks(ports, plan),
    targetChecks(ports, plan),
    coverageChecks(ports, plan),
    suppressionCheck(ports, plan, parts),
    rightsCheck(ports, plan, parts),
  ]);
  // What is only known by a run: drift rules have no API (facts/defender.md).
  const drift = parts.expects.some(({ depends }) => depends.includes("drift-rule"))
    ? [checked("drift-rule", "unknown")]
    : [];
  return {
    checks: [...allowed, ...target, ...coverage, ...suppression.checks, ...rights, ...drift],
    suppressed: suppression.suppressed,
  };
}

async function allowedChecks({ settings }: AzurePorts, { cluster }: Plan): Promise<CheckResult[]> {
  const { clusters } = settings.simulations;
  const allowed = cluster ? allowedCluster(cluster.name, clusters) : clusters.length > 0;
  return [checked("allowed", allowed ? "ok" : "failed", allowed ? "" : "simulations.clusters")];
}

/** Tags are read anew: a cluster may have become production since the form was opened. */
async function targetChecks({ azure, settings }: AzurePorts, { cluster }: Plan): Promise<CheckResult[]> {
  if (!cluster) return [];
  let current: ClusterRef | undefined;
  try {
    const { clusters } = (await azure.targets()).value;
    current = clusters.find(({ id }) => id.toLowerCase() === cluster.id.toLowerCase());
  } catch (error) {
    return [checked("tags", "unknown", words(error))];
  }
  if (!current) return [checked("tags", "unknown", cluster.id)];
  const refused = refusedTags(current.tags, settings.simulations.refuseTags);
  return [checked("tags", refused.length > 0 ? "failed" : "ok", refused.join(", "))];
}

async function coverageChecks(
  { azure }: AzurePorts,
  { cluster, subscription }: Plan,
): Promise<CheckResult[]> {
  let coverage: Coverage;
  try {
    coverage = (await azure.coverage({ kind: "sub", pattern: subscription.id })).value;
  } catch (error) {
    return [checked("plan", "unknown", words(error))];
  }
  const id = subscription.id.toLowerCase();
  const whole = coverage.subscriptions.find((one) => one.subscription.id.toLowerCase() === id);
  const own = coverage.clusters.find((one) => one.id.toLowerCase() === cluster?.id.toLowerCase());
  return [...planChecks(whole, own), ...(cluster ? profileChecks(own, own?.plan ?? whole?.plan) : [])];
}

/** The plan, the cluster's own before its subscription's, and the extensions that findings come from. */
function planChecks(
  whole: SubscriptionCoverage | undefined,
  own: ClusterCoverage | undefined,
): CheckResult[] {
  const plan = own?.plan ?? whole?.plan;
  if (!plan) return [checked("plan", "unknown")];
  const extension = (named: string): Known<"on" | "off"> | undefined => {
    const one = plan.extensions.find(({ name }) => name === named);
    if (!one?.failure || (one.state.known && one.state.value === "off")) return one?.state;
    // Asked for, and Azure could not turn it on: nothing says whether it works.
    return { known: false, why: one.failure, evidence: { ...one.state.evidence, said: one.failure } };
  };
  const others = whole ? otherPlans(whole) : [];
  return [
    onOff("plan", plan.plan),
    onOff("registry-access", extension("ContainerRegistriesVulnerabilityAssessments"), others),
    onOff("agentless-machines", extension("AgentlessVmScanning"), others),
  ];
}

function profileChecks(own: ClusterCoverage | undefined, plan: PlanState | undefined): CheckResult[] {
  if (!own) return [checked("power", "unknown")];
  const { power } = own;
  const stopped = power.known && power.value === "stopped";
  return [
    checked("power", stopped ? "failed" : power.known ? "ok" : "unknown", power.evidence.said),
    onOff("policy-addon", own.policyAddon),
    addOnCheck(own),
    installationCheck(own, plan),
  ];
}

/**
 * The profile knows the add-on only: where that is off, a sensor of the Helm chart may run. The tag that excludes a cluster
 * keeps the sensor from being deployed, and removes none [Defender docs, exclude clusters].
 */
function addOnCheck({ sensorProfile: profile, excluded }: ClusterCoverage): CheckResult {
  if (profile.known && profile.value === "on") return checked("sensor", "ok");
  const { said } = excluded.known && excluded.value ? excluded.evidence : profile.evidence;
  return checked("sensor", "unknown", said);
}

/** How the sensor is installed, as far as Azure knows it. */
function installationCheck(own: ClusterCoverage, plan: PlanState | undefined): CheckResult {
  const { sensorProfile } = own;
  if (sensorProfile.known && sensorProfile.value === "on")
    return checked("helm-sensor", "failed", sensorProfile.evidence.said);
  const why = helmInstalled(own, plan);
  return checked("helm-sensor", why ? "ok" : "unknown", why);
}

/** Defender CSPM or Defender for Servers may give the same: then it is not known to be off. */
function onOff(
  name: CheckResult["name"],
  value: Known<"on" | "off"> | undefined,
  others: readonly string[] = [],
): CheckResult {
  if (!value?.known) return checked(name, "unknown", value?.evidence.said);
  if (value.value === "off" && others.length > 0) return checked(name, "unknown", others.join(", "));
  return checked(
    name,
    value.value === "on" ? "ok" : "failed",
    value.value === "on" ? "" : value.evidence.said,
  );
}

async function suppressionCheck(
  { azure, clock }: AzurePorts,
  { subscription }: Plan,
  { expects }: Parts,
): Promise<Checked> {
  if (!expects.some(({ kind }) => kind === "alert")) return { checks: [], suppressed: [] };
  try {
    const rules = await azure.suppressionRules(subscription.id);
    const now = clock.now();
    const inForce = rules.filter(
      ({ enabled, expires }) => enabled && (!expires || Date.parse(expires) > Date.parse(now)),
    );
    const wanted = new Set(
      expects.flatMap((one) => (one.kind === "alert" ? one.types.map((type) => type.toLowerCase()) : [])),
    );
    const matching = inForce.filter(
      ({ alertType }) => alertType === "*" || wanted.has(alertType.toLowerCase()),
    );
    const said = matching
      .map(({ name, alertType, scoped }) => `${name} (${alertType}${scoped ? ", scoped" : ""})`)
      .join(", ");
    return {
      checks: [checked("suppression", matching.length > 0 ? "warning" : "ok", said)],
      // A scoped rule hides some alerts of its type: it warns, but never excuses a missing one.
      suppressed: matching.filter(({ scoped }) => !scoped).map(({ alertType }) => alertType),
    };
  } catch (error) {
    return { checks: [checked("suppression", "unknown", words(error))], suppressed: [] };
  }
}

/** Rights of the bot in Azure that only this scenario needs, at the registry or the subscription that it touches. */
async function rightsCheck({ azure }: AzurePorts, plan: Plan, { definition }: Parts): Promise<CheckResult[]> {
  const actions = definition.azureActions ?? [];
  if (actions.length === 0) return [];
  const scope = plan.registry?.id ?? `/subscriptions/${plan.subscription.id}`;
  try {
    const missing = await azure.missingActions(scope, actions);
    // Only a registry in ABAC mode asks for actions on repositories: AcrPull, AcrPush and AcrDelete have no effect there.
    const abac = missing.some((action) => action.includes("/registries/repositories/"));
    const said = missing.join(", ") + (abac ? ` (ABAC: Container Registry Repository Contributor)` : "");
    return [checked("azure-rights", missing.length > 0 ? "failed" : "ok", said)];
  } catch (error) {
    return [checked("azure-rights", "unknown", words(error))];
  }
}
