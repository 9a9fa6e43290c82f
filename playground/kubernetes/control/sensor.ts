import type { Cluster, Watching } from "../cluster.ts";
import { plural } from "../kinds.ts";
import { isReady, labelsOf } from "../node/pod-status.ts";
import { at, type Json, type KubeObject, listAt } from "../object.ts";
import { place, runningPod } from "./furnish.ts";

type Part = { name: string; namespace: string; labels: Record<string, string>; everywhere: boolean };

/** The sensor's workloads [Defender documentation; the add-on's and the Helm chart's]. */
function partsOf({ form }: Watching, namespace: string): Part[] {
  if (form === "helm") {
    // One that was installed by hand isn't updated by itself.
    const version = namespace === "mdc" ? "0.8.4" : "0.10.3";
    const labels = { app: "defender-k8s-sensor", "app.kubernetes.io/version": version };
    return [{ name: "microsoft-defender-collectors-ds", namespace, labels, everywhere: true }];
  }
  const labels = { app: "defender", "app.kubernetes.io/version": "1.0.292" };
  const part = (name: string, everywhere: boolean) => ({
    name,
    namespace: "kube-system",
    labels,
    everywhere,
  });
  return [
    part("microsoft-defender-collector-ds", true),
    part("microsoft-defender-collector-misc", false),
    part("microsoft-defender-publisher-ds", true),
  ];
}

const own = ({ metadata }: KubeObject) => /^microsoft-defender-(collectors?|publisher)-/.test(metadata.name);

/** `PreferNoSchedule` keeps no pod away [Kubernetes docs, taints and tolerations]. */
const keepsAway = ({ effect }: Json) => effect !== "PreferNoSchedule";

/**
 * Sets how the sensor is: ready on every Linux node that no taint keeps it from, there but not ready, or not there. `nodes`: only
 * on these.
 */
export function setSensor(cluster: Cluster, watching: Partial<Watching>, nodes?: readonly string[]) {
  Object.assign(cluster.watching, watching);
  for (const kind of ["pods", "daemonsets", "deployments"])
    for (const one of cluster.objects.list(plural(kind)).filter(own)) cluster.objects.drop(one);
  if (cluster.watching.sensor === "absent") return;
  // AKS Automatic has the chart in kube-system; by hand it goes to mdc [Defender docs].
  const namespace = at(cluster.resource.sku).name === "Automatic" ? "kube-system" : "mdc";
  if (
    cluster.watching.form === "helm" &&
    namespace === "mdc" &&
    !cluster.objects.get(plural("namespaces"), undefined, "mdc")
  )
    place(cluster, {
      kind: "Namespace",
      name: "mdc",
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  const linux = cluster.objects
    .list(plural("nodes"))
    .filter((one) => labelsOf(one)["kubernetes.io/os"] === "linux")
    .filter(({ metadata, spec }) => nodes?.includes(metadata.name) ?? !listAt(spec, "taints").some(keepsAway))
    .map((one) => one.metadata.name);
  const ready = cluster.watching.sensor === "ready";
  for (const part of partsOf(cluster.watching, namespace))
    workload(cluster, part, part.everywhere ? linux : linux.slice(0, 1), ready);
}

function workload(
  cluster: Cluster,
  { name, namespace, labels, everywhere }: Part,
  nodes: readonly string[],
  ready: boolean,
) {
  const count = nodes.length;
  const image = `mcr.microsoft.com/azuredefender/stable/${name}:1.0`;
  const template = { metadata: { labels }, spec: { containers: [{ name, image }] } };
  const spec = { selector: { matchLabels: { ...labels, "app.kubernetes.io/name": name } }, template };
  const kind = everywhere ? "DaemonSet" : "Deployment";
  const status = everywhere
    ? {
        desiredNumberScheduled: count,
        currentNumberScheduled: count,
        numberReady: ready ? count : 0,
        numberMisscheduled: 0,
      }
    : { replicas: 1, readyReplicas: ready ? 1 : 0 };
  // Made by an operator long ago: their pods are put there and not created anew.
  if (everywhere) place(cluster, { apiVersion: "apps/v1", kind, name, namespace, labels, spec, status });
  for (const node of nodes) runningPod(cluster, { name, namespace, node, image, labels, ready });
}

/** Whether the sensor sees what happens on a node. */
export function sees(cluster: Cluster, node: unknown): boolean {
  return cluster.objects
    .list(plural("pods"))
    .some(
      (one) =>
        own(one) && /collectors?-ds/.test(one.metadata.name) && one.spec?.nodeName === node && isReady(one),
    );
}
