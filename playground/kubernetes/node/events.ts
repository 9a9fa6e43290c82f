import { randomUUID } from "node:crypto";
import type { Cluster } from "../cluster.ts";
import { type KubeObject, kubeTime } from "../object.ts";

/** Records an Event about an object, as the scheduler and the kubelet do. */
export function recordEvent(
  cluster: Cluster,
  about: KubeObject,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
) {
  const { name, namespace, uid } = about.metadata;
  const now = kubeTime(cluster.now());
  cluster.objects.put({
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `${name}.${randomUUID().slice(0, 16)}`,
      namespace: namespace ?? "default",
      uid: randomUUID(),
      resourceVersion: "",
      creationTimestamp: now,
    },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
    type,
    reason,
    message,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    source: { component: reason === "FailedScheduling" ? "default-scheduler" : "kubelet" },
  });
}
