import type { InputName } from "../catalogue/features.ts";
import type { Evidence, Known } from "../reading/reading.ts";
import { isOverdue } from "./assessed.ts";
import { type ClusterCoverage, helmInstalled, neverHadSensor, type Provisioning } from "./coverage.ts";
import { type Ground, gapOf, type Outcome, type Whose } from "./feature-value.ts";
import type { Gap, GapKind } from "./gap.ts";
import { type PodEvidence, readyNodes } from "./pod-evidence.ts";

/** What a cluster itself says: its profile, and the pods where they were read. */
export function clusterInput(name: InputName, cluster: ClusterCoverage, ground: Ground): Outcome {
  if (name === "policy-addon") return policyAddon(cluster, ground);
  if (name === "kubernetes-1.31") return version(cluster, ground);
  const sensor = sensorOutcome(cluster, ground);
  return name === "helm-sensor" ? helmSensor(cluster, sensor, ground) : sensor;
}

/**
 * Whether Defender shows results of what runs in a cluster. Off only where its sensor is ready on every node and its
 * workloads are old enough to have been assessed; where that wasn't looked at, settings alone decide.
 */
export function resultsOutcome({ cluster, ...ground }: Ground): Outcome {
  const { pods, assessed } = cluster ?? {};
  if (!pods?.known || !assessed) return { value: "on", because: [] };
  const { evidence } = assessed;
  if (!assessed.known) return because("unknown", evidence);
  const what = pods.value.workloadsSince;
  const missing = assessed.value === 0 && isOverdue(what, evidence.at);
  return missing && seenSensor(pods.value, evidence, ground).value === "on"
    ? because("off", evidence, { kind: "no-results", ground, what })
    : because("on", evidence);
}

/** Why nothing that needs nodes works in a cluster now: it is stopped, has no Linux nodes, or is just being deleted. */
export function idle(cluster: ClusterCoverage): Evidence | undefined {
  const { power, nodes, passing } = cluster;
  if (passing?.value === "deleting") return passing.evidence;
  if (power.known && power.value === "stopped") return power.evidence;
  if (nodes.known && nodes.value.linux === 0 && nodes.value.windows > 0) return nodes.evidence;
  return undefined;
}

const because = (
  value: Outcome["value"],
  evidence: Evidence,
  gap?: { kind: GapKind; ground: Whose } & Partial<Gap>,
): Outcome => {
  if (!gap) return { value, because: [{ evidence }] };
  const { kind, ground, ...more } = gap;
  return { value, because: [{ evidence, gap: gapOf(kind, ground, evidence, more) }] };
};

/** Ready on every Linux node only where its pods were seen there: the profile says what was asked for. */
function sensorOutcome(cluster: ClusterCoverage, ground: Ground): Outcome {
  const { pods, passing, sensorProfile, excluded, workspace, workspaceExists } = cluster;
  const what = workspace.known ? workspace.value : undefined;
  const lost = workspaceOutcome({ workspace: what, workspaceExists }, ground);
  // Whatever runs: what it finds would be sent to a workspace that is gone.
  if (isOn(sensorProfile) && lost?.value === "off") return lost;
  const wanted = profileOutcome(cluster, ground);
  // Where nothing asks for the sensor and nothing of it is there, that is the one cause.
  if (pods?.known) {
    const seen = seenSensor(pods.value, pods.evidence, ground);
    if (seen.value !== "off" || !neverHadSensor(cluster)) return seen;
  }
  if (passing) return because("unknown", passing.evidence, { kind: "creating", ground });
  if (wanted.value === "off" && excluded.known && excluded.value)
    return because("off", excluded.evidence, { kind: "sensor-excluded", ground, what: cluster.exclusionTag });
  if (wanted.value !== "on") return wanted;
  const evidence = pods?.evidence ?? sensorProfile.evidence;
  return because("unknown", evidence, {
    kind: "sensor-unchecked",
    ground,
    ...(pods?.known === false && { detail: pods.why }),
  });
}

/** Off where the workspace that takes the sensor's data was deleted, unknown where that is; else nothing. */
export function workspaceOutcome(
  { workspace: what, workspaceExists: exists }: Pick<Provisioning, "workspace" | "workspaceExists">,
  ground: Ground,
): Outcome | undefined {
  if (!exists || (exists.known && exists.value)) return undefined;
  return exists.known
    ? because("off", exists.evidence, { kind: "workspace-missing", ground, what })
    : because("unknown", exists.evidence, { kind: "workspace-unknown", ground, what, detail: exists.why });
}

/** Whether the cluster's profile asks for the sensor. */
export function profileOutcome(cluster: ClusterCoverage, ground: Ground): Outcome {
  const { sensorProfile, workspace, workspaceExists: exists } = cluster;
  const { evidence } = sensorProfile;
  const isGone = exists?.known && !exists.value;
  const what = workspace.known && !isGone ? workspace.value : undefined;
  if (sensorProfile.known)
    return sensorProfile.value === "on"
      ? because("on", evidence)
      : because("off", evidence, { kind: "sensor-off", ground, what });
  const helm = helmInstalled(cluster, ground.containers?.state);
  const kind = helm ? "sensor-helm" : "sensor-unknown";
  return because("unknown", evidence, { kind, ground, detail: helm ?? sensorProfile.why });
}

/** Whether the sensor is ready on every Linux node, by the pods that were seen. */
export function seenSensor(pods: PodEvidence, evidence: Evidence, ground: Whose): Outcome {
  const { ready, wanted, unknown } = readyNodes(pods);
  const said = { ...evidence, said: `sensor ready on ${ready} of ${wanted} Linux nodes` };
  const what = `${ready}/${wanted}`;
  if (unknown > 0) {
    const detail = "the pods of the sensor can't be listed";
    return because("unknown", said, { kind: "sensor-unchecked", ground, detail });
  }
  if (wanted === 0) return because("not-applicable", said);
  if (ready === wanted) return because("on", said);
  return because(ready > 0 ? "partial" : "off", said, { kind: "sensor-not-ready", ground, what });
}

/** DNS detection, antimalware and drift blocking need the chart's sensor; the profile is the add-on's. */
function helmSensor(cluster: ClusterCoverage, sensor: Outcome, ground: Ground): Outcome {
  const { pods, sensorProfile } = cluster;
  const helm = helmInstalled(cluster, ground.containers?.state);
  const seen = pods?.known ? pods.value.installed : undefined;
  const addOn = seen?.length ? !seen.includes("helm") : !helm && isOn(sensorProfile);
  if (!addOn) return sensor;
  const evidence = seen && pods ? { ...pods.evidence, said: "installed by: add-on" } : sensorProfile.evidence;
  return because("off", evidence, { kind: "sensor-not-helm", ground });
}

/** What the profile says, unless the cluster itself shows that nothing runs of it. */
function policyAddon(cluster: ClusterCoverage, ground: Ground): Outcome {
  const { pods, passing } = cluster;
  if (passing) return because("unknown", passing.evidence, { kind: "creating", ground });
  const wanted = policyProfileOutcome(cluster, ground);
  return wanted.value === "on" && pods?.known ? seenPolicy(pods.value, pods.evidence, ground) : wanted;
}

/** Whether the cluster's profile asks for the Azure Policy add-on. */
export function policyProfileOutcome({ policyAddon: profile }: ClusterCoverage, ground: Whose): Outcome {
  const { evidence } = profile;
  if (!profile.known)
    return because("unknown", evidence, { kind: "policy-unknown", ground, detail: profile.why });
  return profile.value === "on"
    ? because("on", evidence)
    : because("off", evidence, { kind: "policy-off", ground });
}

/** Whether the Azure Policy add-on works, by the pods and constraint templates that were seen. */
export function seenPolicy(
  { components, constraintTemplates }: PodEvidence,
  evidence: Evidence,
  ground: Whose,
): Outcome {
  const unread = [components, constraintTemplates].find(({ known }) => !known);
  if (!components.known || !constraintTemplates.known)
    return because("unknown", evidence, {
      kind: "policy-unknown",
      ground,
      detail: unread && !unread.known ? unread.why : "",
    });
  const own = components.value.filter(({ pods }) => pods.startsWith("azure-policy"));
  const states = own.map(({ pods, ready }) => `${pods}: ${ready} ready`).join(", ") || "no azure-policy pods";
  const what = `${states}; constraint templates: ${constraintTemplates.value}`;
  const said = { ...evidence, said: what };
  const ready = own.filter((one) => one.ready > 0).length;
  if (ready === own.length && ready > 0 && constraintTemplates.value > 0) return because("on", said);
  const value = ready > 0 && constraintTemplates.value > 0 ? "partial" : "off";
  return because(value, said, { kind: "policy-not-ready", ground, what });
}

function version(cluster: ClusterCoverage, ground: Ground): Outcome {
  const { kubernetesVersion } = cluster;
  const evidence = {
    ...cluster.power.evidence,
    said: `currentKubernetesVersion: ${kubernetesVersion || "none"}`,
  };
  const match = /^v?1\.(\d{1,3})(?:\.|$)/.exec(kubernetesVersion);
  if (!match)
    return because("unknown", evidence, { kind: "version-old", ground, what: kubernetesVersion || "?" });
  if (Number(match[1]) >= 31) return because("on", evidence);
  return because("off", evidence, { kind: "version-old", ground, what: kubernetesVersion });
}

function isOn(value: Known<"on" | "off">): boolean {
  return value.known && value.value === "on";
}
