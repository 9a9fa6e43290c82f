import type { Estate, Subscription } from "../estate/estate.ts";
import type { Behaviour } from "../kubernetes/behaviour.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { sees } from "../kubernetes/control/sensor.ts";
import { nodeEntities, podEntities } from "./entities.ts";
import { drift, malware, privileged, type Raised, raisedBy, samples } from "./expected.ts";
import type { Sighted } from "./publish.ts";

const resourceType = "Kubernetes Service";
type InPod = Extract<Behaviour, { pod: unknown }>;

/** What Defender makes of something that happened in a pod: without the sensor only what the audit log knows. */
export function podSightings(cluster: Cluster, behaviour: InPod, happened: Date): Sighted[] {
  const { pod, container } = behaviour;
  const seen = sees(cluster, pod.spec?.nodeName);
  const { name, namespace } = pod.metadata;
  const facts = { Namespace: namespace ?? "", "Pod name": name, "Container name": container, resourceType };
  const entities = podEntities(cluster.resource.id, pod, container);
  return alertsFor(cluster, behaviour)
    .filter(({ audit }) => audit || seen)
    .map((raised) => ({ raised, resource: cluster.resource, namespace, entities, facts, happened }));
}

function alertsFor({ watching }: Cluster, { kind }: InPod): readonly Raised[] {
  if (kind === "privileged") return [privileged];
  const drifted = watching.drift === "alert" ? [drift] : [];
  if (kind === "drift") return drifted;
  // DNS detection needs the sensor of the Helm chart.
  if (kind === "ti-domain" && watching.form !== "helm") return [];
  // The simulated miner is a binary that the victim's image did not bring.
  return kind === "crypto" ? [...raisedBy.crypto, ...drifted] : raisedBy[kind];
}

/** Put together here: a scanner must not find the test string in this file. */
const testFile = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*"].join("");

/** Malware on the nodes' disks, as the agentless scan finds it. */
export function diskSightings(cluster: Cluster, happened: Date): (Sighted & { file: string })[] {
  return [...cluster.disks].flatMap(([node, disk]) =>
    [...disk]
      .filter(([, { content }]) => content.startsWith(testFile))
      .map(([path]) => ({
        file: `${cluster.resource.id} ${node} ${path}`,
        // The scan itself is what took its time.
        raised: { ...malware, minutes: 1 },
        resource: cluster.resource,
        entities: nodeEntities(cluster.resource.id, node, path),
        facts: {
          "File path": path,
          "Node name": node,
          "Threat name": "EICAR_Test_File",
          resourceType,
        },
        happened,
      })),
  );
}

/** Sample alerts: of a cluster that doesn't exist. */
export function sampleSightings(
  estate: Estate,
  { id: subscription }: Subscription,
  happened: Date,
): Sighted[] {
  const own = estate.clusters.find((one) =>
    one.id.toLowerCase().startsWith(`${subscription.toLowerCase()}/`),
  );
  const type = "Microsoft.ContainerService/managedClusters";
  const id = `${subscription}/resourceGroups/Sample-RG/providers/${type}/Sample-Cluster`;
  const resource = {
    id,
    name: "Sample-Cluster",
    type,
    location: own?.location ?? "centralus",
    properties: {},
  };
  const entities = [
    { $id: "2", cloudResource: { $id: "1", resourceId: id, type: "azure-resource" }, type: "K8s-cluster" },
  ];
  return samples.map((raised) => ({
    raised,
    resource,
    namespace: "sample",
    entities,
    facts: { resourceType },
    happened,
  }));
}
