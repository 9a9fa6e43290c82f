import { UpstreamError } from "../errors.ts";
import type { NodeInfo } from "../simulation-ports.ts";
import { listAll } from "./listing.ts";
import { at, items, text } from "./read.ts";
import type { Transport } from "./transport.ts";

/** Where the sensor's pods are, by how it was installed [Defender docs, verify; facts/defender.md section 1]. */
const sensors = [
  { namespace: "kube-system", selector: "app=defender" },
  { namespace: "mdc", selector: "app=defender-k8s-sensor" },
];
/** Its daemon sets; `…-collector-misc` is a deployment and says nothing of a node. */
const collector = /^microsoft-defender-collectors?-ds(?:-|$)/;
const publisher = /^microsoft-defender-publisher-ds(?:-|$)/;
/** A node lists every image that it has: some of them fill what a run-command may answer (512 kB). */
const nodesAtOnce = 20;

/** Every node with the state of the sensor there. */
export async function readNodes(transport: Transport): Promise<NodeInfo[]> {
  const nodes = await listAll(transport, "/api/v1/nodes", { size: nodesAtOnce });
  let hidden = false;
  const pods: unknown[] = [];
  for (const { namespace, selector } of sensors)
    try {
      pods.push(
        ...(await listAll(transport, `/api/v1/namespaces/${namespace}/pods`, { selector, size: 50 })),
      );
    } catch (error) {
      if (!(error instanceof UpstreamError) || (error.status !== 403 && error.status !== 404)) throw error;
      hidden ||= error.status === 403;
    }
  const byNode = Map.groupBy(pods, (pod) => text(pod, ["spec", "nodeName"]));
  return nodes
    .map((node) => {
      const name = text(node, ["metadata", "name"], 253);
      const sensor = sensorOn(byNode.get(name) ?? []);
      return {
        name,
        pool: label(node, "kubernetes.azure.com/agentpool") || label(node, "agentpool"),
        os: osOf(node),
        ready: condition(node, "Ready") === "True",
        sensor: sensor === "absent" && hidden ? "unknown" : sensor,
      } as const;
    })
    .filter(({ name }) => name !== "");
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

function isReady(pod: unknown): boolean {
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
  const found = items(object, "status", "conditions").find((one) => text(one, ["type"]) === type);
  return text(found, ["status"]);
}
