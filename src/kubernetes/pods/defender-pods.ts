import { componentOf, components } from "../../domain/catalogue/components.ts";
import type { ComponentState } from "../../domain/coverage/pod-evidence.ts";
import type { UpstreamError } from "../../errors.ts";
import type { DefenderPods } from "../../ports/clusters.ts";
import type { Transport } from "../connection/transport.ts";
import { listEach } from "../objects/list.ts";
import { at, items, text } from "../objects/read.ts";
import { isReady } from "./nodes.ts";

const sensorLabels = "app in (defender,defender-k8s-sensor)";
/** The add-ons run in kube-system; the chart's sensor, by its label, in any namespace. */
const lists = [
  { path: "/api/v1/namespaces/kube-system/pods", size: 50 },
  { path: "/api/v1/pods", selector: sensorLabels, size: 50 },
  { path: "/apis/apps/v1/daemonsets", selector: sensorLabels, size: 50 },
  { path: "/apis/templates.gatekeeper.sh/v1/constrainttemplates", size: 100, partial: true },
  // A sample is enough to see that workloads have been running for long.
  { path: "/api/v1/pods", fields: workloads(), size: 50, partial: true, first: true },
] as const;

/** What is running, without the namespaces that AKS and its add-ons fill. */
function workloads(): string {
  const systems = ["kube-system", "gatekeeper-system", "mdc", "calico-system", "tigera-operator"];
  return ["status.phase=Running", ...systems.map((name) => `metadata.namespace!=${name}`)].join(",");
}

/** The families of pods of Defender and Azure Policy, and the constraint templates of the policies. */
export async function readDefenderPods(transport: Transport): Promise<DefenderPods> {
  const [system, labelled, sets, templates, running] = await listEach(transport, lists);
  const unread = [system, labelled].find((one) => one?.error)?.error;
  const pods = new Map(
    [...(system?.listed ?? []), ...(labelled?.listed ?? [])].map((pod) => [keyOf(pod), pod]),
  );
  const noTemplates = templates?.error;
  const [since] = (running?.listed ?? [])
    .map((pod) => text(pod, ["metadata", "creationTimestamp"], 40))
    .filter((time) => Number.isFinite(Date.parse(time)))
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  return {
    components: unread ? { unread: wordsOf(unread) } : states([...pods.values()], sets?.listed ?? []),
    // Without the policy add-on the cluster doesn't know the kind.
    constraintTemplates:
      noTemplates && noTemplates.status !== 404
        ? { unread: wordsOf(noTemplates) }
        : (templates?.listed.length ?? 0),
    ...(since && { workloadsSince: since }),
  };
}

function wordsOf(error: UpstreamError): string {
  return error.message.slice(0, 200);
}

function keyOf(object: unknown): string {
  return `${text(object, ["metadata", "namespace"], 63)}/${text(object, ["metadata", "name"], 253)}`;
}

/** One for each family and namespace, in the order of the catalogue. */
function states(pods: readonly unknown[], daemonSets: readonly unknown[]): ComponentState[] {
  const groups = Map.groupBy([...pods, ...daemonSets], (object) => {
    const component = componentOf(text(object, ["metadata", "name"], 253));
    return component && `${component.pods} ${text(object, ["metadata", "namespace"], 63)}`;
  });
  const order = components.map(({ pods: name }) => name);
  return [...groups]
    .flatMap(([key, objects]) => (key ? [stateOf(key, objects, daemonSets)] : []))
    .sort((a, b) => order.indexOf(a.pods) - order.indexOf(b.pods) || a.namespace.localeCompare(b.namespace));
}

function stateOf(key: string, objects: readonly unknown[], daemonSets: readonly unknown[]): ComponentState {
  const [name = "", namespace = ""] = key.split(" ");
  const own = objects.filter((object) => !daemonSets.includes(object));
  const desired = objects
    .filter((object) => daemonSets.includes(object))
    .reduce<number>((sum, set) => sum + numberAt(set, "status", "desiredNumberScheduled"), 0);
  const containers = own.flatMap((pod) => items(pod, "status", "containerStatuses"));
  const version = objects
    .map((object) => text(object, ["metadata", "labels", "app.kubernetes.io/version"], 63))
    .find((one) => one !== "");
  return {
    pods: name,
    namespace,
    desired: Math.max(desired, own.length),
    ready: own.filter(isReady).length,
    restarts: containers.reduce<number>((sum, one) => sum + numberAt(one, "restartCount"), 0),
    outOfMemory: containers.filter((one) => text(one, ["lastState", "terminated", "reason"]) === "OOMKilled")
      .length,
    ...(version && { version }),
  };
}

function numberAt(value: unknown, ...path: string[]): number {
  const number = at(value, ...path);
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
