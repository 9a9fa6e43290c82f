import { type ClusterCoverage, helmInstalled, type SubscriptionCoverage } from "../coverage/coverage.ts";
import type { Gap } from "../coverage/gap.ts";
import type { Left, PlannedStep, Values } from "./enablement.ts";
import { isGone, type PlanInput, workspaceFor } from "./plan-input.ts";

/** The sensor's profile and the policy add-on of one cluster: one change, since Azure takes the cluster as a whole. */
export function clusterSteps(
  cluster: ClusterCoverage,
  whole: SubscriptionCoverage | undefined,
  input: PlanInput,
): { steps: PlannedStep[]; left: Left[] } {
  const { wanted } = input;
  const on: Gap["on"] = { kind: "cluster", id: cluster.id, name: cluster.name };
  const sensor = wanted.sensor ? sensorPart(cluster, whole, input) : {};
  const addon = wanted.policyAddon ? addonPart(cluster) : {};
  const parts = [sensor, addon];
  const left = parts.flatMap((part) => (part.left ? [{ ...part.left, on }] : []));
  const before = Object.assign({}, ...parts.map((part) => part.before ?? {}));
  const after = Object.assign({}, ...parts.map((part) => part.after ?? {}));
  if (Object.keys(after).length === 0) return { steps: [], left };
  const resting = cluster.passing
    ? ({ why: "passing", detail: cluster.passing.value } as const)
    : cluster.power.known && cluster.power.value === "stopped"
      ? ({ why: "stopped" } as const)
      : undefined;
  // AKS refuses changes of a cluster that is stopped, or that it is about to create or delete.
  if (resting) return { steps: [], left: [...left, { on, what: Object.keys(after)[0]!, ...resting }] };
  const { subscription, workspace } = cluster;
  const keeps = !after.workspace && !isGone(cluster) && workspace.known && workspace.value;
  const step: PlannedStep = { kind: "cluster", on, subscription, before, after };
  return { steps: [keeps ? { ...step, workspace: keeps } : step], left };
}

type Part = { before?: Values; after?: Values; left?: Omit<Left, "on"> };

function sensorPart(
  cluster: ClusterCoverage,
  whole: SubscriptionCoverage | undefined,
  input: PlanInput,
): Part {
  const { sensorProfile, excluded, workspace } = cluster;
  const left = (why: Left["why"], detail?: string): Part => ({
    left: { what: "sensor", why, ...(detail && { detail }) },
  });
  const helm = helmInstalled(cluster, cluster.plan ?? whole?.plan);
  const isOn = sensorProfile.known && sensorProfile.value === "on";
  if (isOn && !isGone(cluster)) return {};
  if (!isOn && helm) return left("helm", helm);
  if (!sensorProfile.known) return left("unread", sensorProfile.why);
  if (!isOn && excluded.known && excluded.value) return left("excluded");
  const own = workspace.known ? workspace.value : undefined;
  const chosen = own && !isGone(cluster) ? own : workspaceFor(input, whole);
  // AKS takes no sensor without a workspace [managedClusters, securityProfile.defender].
  if (!chosen) return left("no-workspace");
  return {
    before: { ...(!isOn && { sensor: "off" }), ...(chosen !== own && { workspace: own || "none" }) },
    after: { ...(!isOn && { sensor: "on" }), ...(chosen !== own && { workspace: chosen }) },
  };
}

function addonPart({ policyAddon }: ClusterCoverage): Part {
  if (!policyAddon.known) return { left: { what: "policy-addon", why: "unread", detail: policyAddon.why } };
  return policyAddon.value === "on"
    ? {}
    : { before: { "policy-addon": "off" }, after: { "policy-addon": "on" } };
}
