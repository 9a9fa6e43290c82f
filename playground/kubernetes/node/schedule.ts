import type { Cluster } from "../cluster.ts";
import { plural } from "../kinds.ts";
import { at, type Json, type KubeObject, listAt } from "../object.ts";
import { labelsOf } from "./pod-status.ts";

function tolerates(pod: KubeObject, { key, value, effect }: Json): boolean {
  return listAt(pod.spec, "tolerations").some(
    (one) =>
      (one.key === undefined || one.key === key) &&
      (one.effect === undefined || one.effect === effect) &&
      (one.operator === "Exists" || one.value === value),
  );
}

/** The node for a pod, or why there is none in the scheduler's words. A pod may name its node: then there is no choice. */
export function nodeFor(cluster: Cluster, pod: KubeObject): { node: string } | { none: string } {
  if (pod.spec?.nodeName) return { node: String(pod.spec.nodeName) };
  const nodes = cluster.objects.list(plural("nodes"));
  const said = cluster.nodeFaults.unschedulable.find((one) => one.pod.test(pod.metadata.name));
  if (said)
    return {
      none:
        said.message ??
        `0/${nodes.length} nodes are available: ${nodes.length} Insufficient cpu. preemption: 0/${nodes.length} nodes are available: ${nodes.length} No preemption victims found for incoming pod.`,
    };
  const wanted: Json = { "kubernetes.io/os": "linux", ...at(pod.spec, "nodeSelector") };
  const fitting = nodes.filter(
    (node) =>
      Object.entries(wanted).every(([key, value]) => labelsOf(node)[key] === value) &&
      node.spec?.unschedulable !== true &&
      listAt(node.spec, "taints").every((taint) => tolerates(pod, taint)),
  );
  if (fitting.length === 0)
    return {
      none: `0/${nodes.length} nodes are available: ${nodes.length} node(s) didn't match Pod's node affinity/selector. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`,
    };
  const pods = cluster.objects.list(plural("pods"));
  const load = (node: KubeObject) => pods.filter((one) => one.spec?.nodeName === node.metadata.name).length;
  const [least] = fitting.sort((a, b) => load(a) - load(b));
  return { node: least!.metadata.name };
}
