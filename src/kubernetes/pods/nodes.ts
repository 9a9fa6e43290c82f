import { arm64Kubernetes, type NodeLimit, nodeLimits, sensorKernel } from "../../domain/catalogue/nodes.ts";
import type { UpstreamError } from "../../errors.ts";
import type { NodeInfo } from "../../ports/clusters.ts";
import type { Transport } from "../connection/transport.ts";
import { listEach } from "../objects/list.ts";
import { at, items, text } from "../objects/read.ts";

/** Labels of the sensor's pods: the add-on's, and those of the Helm chart [Defender docs, verify the sensor]. */
const addOnLabel = "defender";
const helmLabel = "defender-k8s-sensor";
/** The chart may be in any namespace; where all cannot be listed at once, these are: AKS Automatic's, the chart's own. */
const knownPlaces = ["/api/v1/namespaces/kube-system/pods", "/api/v1/namespaces/mdc/pods"];
const podsOf = (path: string) => ({ path, selector: `app in (${addOnLabel},${helmLabel})`, size: 50 });
/** Its daemon sets; `…-collector-misc` is a deployment and says nothing of a node. */
const collector = /^microsoft-defender-collectors?-ds(?:-|$)/;
const publisher = /^microsoft-defender-publisher-ds(?:-|$)/;
/** A node lists every image that it has: some of them fill what a run-command may answer (512 kB). */
const nodesAtOnce = 20;

/** Every node with the state of the sensor there. */
export async function readNodes(transport: Transport): Promise<NodeInfo[]> {
  const [nodes, everywhere] = await listEach(transport, [
    { path: "/api/v1/nodes", size: nodesAtOnce },
    podsOf("/api/v1/pods"),
  ]);
  // Only a list of everything proves that there is none.
  const hidden = isHidden(everywhere?.error);
  const pods = hidden || !everywhere ? await listEach(transport, knownPlaces.map(podsOf)) : [everywhere];
  const failure = [nodes, ...pods.filter(({ error }) => !isHidden(error) && error?.status !== 404)].find(
    (one) => one?.error,
  );
  if (failure?.error) throw failure.error;
  const byNode = Map.groupBy(
    pods.flatMap(({ listed }) => listed),
    (pod) => text(pod, ["spec", "nodeName"]),
  );
  return (nodes?.listed ?? [])
    .map((node) => {
      const name = text(node, ["metadata", "name"], 253);
      const own = byNode.get(name) ?? [];
      const sensor = sensorOn(own);
      const taint = taintOf(node);
      return {
        name,
        pool: label(node, "kubernetes.azure.com/agentpool") || label(node, "agentpool"),
        os: osOf(node),
        ready: condition(node, "Ready") === "True",
        sensor: sensor === "absent" && hidden ? "unknown" : sensor,
        ...(sensor === "absent" ? leftOut(node) : { installed: installedBy(own) }),
        ...(taint !== undefined && { taint }),
        ...(isArm64(node) && { arm64: true as const }),
      } as const;
    })
    .filter(({ name }) => name !== "");
}

/** Which limit of the catalogue keeps the sensor away, as far as the node says it. */
function leftOut(node: unknown): Pick<NodeInfo, "leftOut"> {
  const info = (name: string) => text(node, ["status", "nodeInfo", name], 100);
  const applies: Record<NodeLimit, () => boolean> = {
    windows: () => osOf(node) === "windows",
    kernel: () => isOlder(info("kernelVersion"), sensorKernel) === true,
    // Where the version isn't known, the architecture is all that there is to say.
    arm64: () => isArm64(node) && isOlder(info("kubeletVersion"), arm64Kubernetes) !== false,
    taint: () => taintOf(node) !== undefined,
  };
  const limit = nodeLimits.find(({ limit }) => applies[limit]());
  return limit ? { leftOut: limit.limit } : {};
}

function isArm64(node: unknown): boolean {
  const said = label(node, "kubernetes.io/arch") || text(node, ["status", "nodeInfo", "architecture"], 63);
  return said === "arm64";
}

/** The first taint that keeps pods away; `PreferNoSchedule` does not [Kubernetes docs, taints and tolerations]. */
function taintOf(node: unknown): string | undefined {
  const taint = items(node, "spec", "taints").find((one) =>
    /^No(?:Schedule|Execute)$/.test(text(one, ["effect"])),
  );
  if (taint === undefined) return undefined;
  const value = text(taint, ["value"], 63);
  return `${text(taint, ["key"], 253)}${value && `=${value}`}:${text(taint, ["effect"])}`;
}

/** By major and minor version; undefined where there is none. */
function isOlder(version: string, than: string): boolean | undefined {
  const parts = /^v?(\d{1,4})\.(\d{1,4})/.exec(version)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [major = 0, minor = 0] = than.split(".").map(Number);
  return parts[0]! < major || (parts[0] === major && parts[1]! < minor);
}

function isHidden(error: UpstreamError | undefined): boolean {
  return error?.status === 403;
}

/** The publisher counts where there is one: what the collector sees leaves the node through it. */
function sensorOn(pods: readonly unknown[]): "ready" | "not-ready" | "absent" {
  const named = (pattern: RegExp) => pods.filter((pod) => pattern.test(text(pod, ["metadata", "name"])));
  const collectors = named(collector);
  if (collectors.length === 0) return "absent";
  // During an update an old pod may end beside the new one: one that is ready is enough.
  const publishers = named(publisher);
  const works = collectors.some(isReady) && (publishers.length === 0 || publishers.some(isReady));
  return works ? "ready" : "not-ready";
}

/** By the chart's own marks; without one of them, the add-on's label says it. */
function installedBy(pods: readonly unknown[]): NonNullable<NodeInfo["installed"]> {
  const marks = (pod: unknown) =>
    label(pod, "app") === helmLabel ||
    /^helm$/i.test(label(pod, "app.kubernetes.io/managed-by")) ||
    label(pod, "helm.sh/chart") !== "" ||
    text(pod, ["metadata", "namespace"], 63) === "mdc";
  return pods.some(marks) ? "helm" : "add-on";
}

/** Whether a pod serves: its condition Ready is True, and it isn't being deleted [Kubernetes docs, pod conditions]. */
export function isReady(pod: unknown): boolean {
  return condition(pod, "Ready") === "True" && at(pod, "metadata", "deletionTimestamp") === undefined;
}

function osOf(node: unknown): NodeInfo["os"] {
  const said = (
    label(node, "kubernetes.io/os") || text(node, ["status", "nodeInfo", "operatingSystem"])
  ).toLowerCase();
  return said === "linux" || said === "windows" ? said : "unknown";
}

function label(node: unknown, name: string): string {
  return text(node, ["metadata", "labels", name], 63);
}

/** `True`, `False`, `Unknown`; "" where there is no such condition. */
function condition(object: unknown, type: string): string {
  const condition = items(object, "status", "conditions").find((one) => text(one, ["type"]) === type);
  return text(condition, ["status"]);
}
