import { type Estate, newAlert, type Resource, type Subscription } from "../estate/estate.ts";
import { azureTime, guid } from "../estate/identifiers.ts";
import type { Behaviour } from "../kubernetes/behaviour.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { sees } from "../kubernetes/control/sensor.ts";
import { nodeEntities, podEntities } from "./entities.ts";
import { drift, malware, privileged, type Raised, raisedBy, samples } from "./expected.ts";
import { planIsOn } from "./plan.ts";
import { type Switches, switchSet } from "./switches.ts";
import { judgeWorkload } from "./workloads.ts";

export type DefenderOptions = {
  estate: Estate;
  /** How many times as quick as ours its time runs. */
  factor: number;
  clock: () => Date;
  /** How often the agentless scan looks at the disks of nodes, in minutes of its time; default 30 instead of a day. */
  scanMinutes?: number;
};
/** Defender, watching what really happens in the estate's clusters. */
export type Defender = {
  switches: Switches;
  /** How far its clocks are ahead of ours, in milliseconds; behind where negative. */
  skew: number;
  happened(cluster: Cluster, behaviour: Behaviour): void;
  /** The agentless scan of all nodes of a cluster, now. */
  scan(cluster: Cluster): void;
  /** The daily scan of this cluster is on from now on. */
  watchDisks(cluster: Cluster): void;
  /** A request for sample alerts of a subscription. */
  sample(subscription: Subscription, bundles: readonly string[]): void;
  stop(): void;
};
/** An alert on its way: what, where, and when it happened. */
type Sighted = {
  raised: Raised;
  resource: Resource;
  namespace?: string;
  entities: unknown[];
  facts: Record<string, string>;
  happened: Date;
};

export function defender({ estate, factor, clock, scanMinutes = 30 }: DefenderOptions): Defender {
  const switches = switchSet();
  const timers = new Set<NodeJS.Timeout>();
  const scanned = new Map<Cluster, NodeJS.Timeout>();
  const found = new Set<string>();
  /** The same alert about the same container comes once an hour at most. */
  const told = new Set<string>();
  const later = (minutes: number, work: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        work();
      },
      (minutes * 60_000) / factor,
    ).unref();
    timers.add(timer);
  };
  const raise = (sighted: Sighted) => {
    const met = switches.meet(sighted.raised);
    for (const one of met)
      if (one.kind === "beside")
        later(one.raised.minutes, () =>
          publish(estate, self, clock(), { ...sighted, raised: one.raised }, one.elsewhere),
        );
    if (met.some((one) => one.kind === "drop")) return;
    const renamed = met.find((one) => one.kind === "rename");
    const raised = {
      ...sighted.raised,
      type: renamed?.type ?? sighted.raised.type,
      title: renamed?.title ?? sighted.raised.title,
    };
    const extra = met.reduce((sum, one) => sum + (one.kind === "delay" ? one.minutes : 0), 0);
    const minutes = raised.minutes + extra;
    const say = () => publish(estate, self, clock(), { ...sighted, raised });
    later(minutes, say);
    if (met.some((one) => one.kind === "double")) later(minutes + 1, say);
  };
  const inPod = (
    cluster: Cluster,
    { pod, container }: Extract<Behaviour, { pod: unknown }>,
    raised: Raised,
  ) => {
    if (!raised.audit && !sees(cluster, pod.spec?.nodeName)) return;
    const once = `${raised.type} ${pod.metadata.uid} ${container}`;
    if (told.has(once)) return;
    told.add(once);
    later(60, () => void told.delete(once));
    const { name, namespace } = pod.metadata;
    const facts = {
      Namespace: namespace ?? "",
      "Pod name": name,
      "Container name": container,
      resourceType: "Kubernetes Service",
    };
    raise({
      raised,
      resource: cluster.resource,
      namespace,
      entities: podEntities(cluster.resource.id, pod, container),
      facts,
      happened: clock(),
    });
  };
  const self: Defender = {
    switches,
    skew: 0,
    happened(cluster, behaviour) {
      if (behaviour.kind === "workload" || behaviour.kind === "workload-gone") {
        judgeWorkload(estate, cluster, behaviour, later, clock);
        return;
      }
      if (!planIsOn(estate, cluster.resource)) return;
      if (behaviour.kind === "privileged") return inPod(cluster, behaviour, privileged);
      if (behaviour.kind !== "drift")
        for (const raised of raisedBy[behaviour.kind]) inPod(cluster, behaviour, raised);
      // The simulated miner is a binary that the victim's image did not bring.
      const drifted = behaviour.kind === "drift" || behaviour.kind === "crypto";
      if (drifted && cluster.watching.drift === "alert") inPod(cluster, behaviour, drift);
    },
    scan(cluster) {
      if (!planIsOn(estate, cluster.resource, "AgentlessVmScanning")) return;
      for (const [node, disk] of cluster.disks)
        for (const [path, { content }] of disk) {
          if (!isTestFile(content) || found.has(`${node} ${path}`)) continue;
          found.add(`${node} ${path}`);
          const facts = {
            "File path": path,
            "Node name": node,
            "Threat name": "EICAR-Test-File",
            resourceType: "Kubernetes Service",
          };
          raise({
            raised: { ...malware, minutes: 1 },
            resource: cluster.resource,
            entities: nodeEntities(cluster.resource.id, node, path),
            facts,
            happened: clock(),
          });
        }
    },
    watchDisks(cluster) {
      if (!scanned.has(cluster))
        scanned.set(cluster, setInterval(() => self.scan(cluster), (scanMinutes * 60_000) / factor).unref());
    },
    sample(subscription, bundles) {
      if (!bundles.includes("KubernetesService")) return;
      const own = estate.clusters.find((one) =>
        one.id.toLowerCase().startsWith(`${subscription.id.toLowerCase()}/`),
      );
      const group = "Sample-RG";
      const id = `${subscription.id}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/Sample-Cluster`;
      const resource = {
        id,
        name: "Sample-Cluster",
        type: "Microsoft.ContainerService/managedClusters",
        location: own?.location ?? "centralus",
        properties: {},
      };
      const entities = [
        {
          $id: "2",
          cloudResource: { $id: "1", resourceId: id, type: "azure-resource" },
          type: "K8s-cluster",
        },
      ];
      for (const raised of samples)
        raise({
          raised,
          resource,
          namespace: "sample",
          entities,
          facts: { resourceType: "Kubernetes Service" },
          happened: clock(),
        });
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      for (const timer of scanned.values()) clearInterval(timer);
    },
  };
  return self;
}

/** Put together here: a scanner must not find the test string in this file. */
const testFile = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*"].join("");
const isTestFile = (content: string) => content.startsWith(testFile);

/** Puts an alert into the estate, dismissed where a suppression rule says so. */
function publish(
  estate: Estate,
  { skew }: Defender,
  now: Date,
  sighted: Sighted,
  elsewhere: { cluster?: Resource; namespace?: string } = {},
) {
  const { raised, entities, facts, happened } = sighted;
  const resource = elsewhere.cluster ?? sighted.resource;
  const subscription = resource.id.split("/")[2]?.toLowerCase();
  const suppressed = estate.suppressionRules.some(
    (one) =>
      one.id.toLowerCase().includes(`/subscriptions/${subscription}/`) &&
      one.properties.alertType === raised.type &&
      one.properties.state !== "Disabled",
  );
  const started = new Date(happened.getTime() + skew);
  newAlert(estate, {
    at: new Date(now.getTime() + skew),
    cluster: resource,
    alertType: raised.type,
    title: raised.title,
    severity: raised.severity,
    namespace: elsewhere.namespace ?? sighted.namespace ?? "",
    workload: facts["Container name"] ?? "",
    correlationKey: guid(`${resource.id} ${raised.type} ${happened.toISOString()}`),
    status: suppressed ? "Dismissed" : "Active",
    properties: {
      startTimeUtc: azureTime(started),
      endTimeUtc: azureTime(started),
      entities,
      extendedProperties: facts,
    },
  });
}
