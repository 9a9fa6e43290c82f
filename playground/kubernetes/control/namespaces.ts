import { randomUUID } from "node:crypto";
import { begin } from "../api/remove.ts";
import type { Cluster } from "../cluster.ts";
import { plural } from "../kinds.ts";
import { type KubeObject, kubeTime } from "../object.ts";

/** Gives each namespace its default account, and empties and ends those that are deleted. */
export function startNamespaces(cluster: Cluster) {
  cluster.objects.listen(({ kind, object, type, before }) => {
    if (kind.kind !== "Namespace") return;
    if (type === "ADDED") welcome(cluster, object);
    if (type === "MODIFIED" && object.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp)
      void empty(cluster, object);
  });
}

export function welcome(cluster: Cluster, { metadata }: KubeObject) {
  const made = (kind: string, name: string, more: object) =>
    cluster.objects.put({
      apiVersion: "v1",
      kind,
      metadata: {
        name,
        namespace: metadata.name,
        uid: randomUUID(),
        resourceVersion: "",
        creationTimestamp: kubeTime(cluster.now()),
      },
      ...more,
    });
  made("ServiceAccount", "default", {});
  made("ConfigMap", "kube-root-ca.crt", { data: { "ca.crt": "-----BEGIN CERTIFICATE-----\n" } });
}

async function empty(cluster: Cluster, { metadata }: KubeObject) {
  const live = () => cluster.objects.get(plural("namespaces"), undefined, metadata.name);
  try {
    for (;;) {
      await cluster.pause(1);
      const space = live();
      if (space?.metadata.uid !== metadata.uid) return;
      const inside = cluster.objects.within(metadata.name);
      for (const one of inside) if (!one.metadata.deletionTimestamp) begin(cluster, one, {});
      const stuck = cluster.nodeFaults.stuckNamespaces.some((one) => one.test(metadata.name));
      if (cluster.objects.within(metadata.name).length === 0 && !stuck && !space.metadata.finalizers?.length)
        return cluster.objects.drop(space);
      explain(cluster, space, stuck);
    }
  } catch {
    // The cluster was stopped.
  }
}

/** Why it does not end, as the namespace controller says it [NamespaceCondition]. */
function explain(cluster: Cluster, space: KubeObject, stuck: boolean) {
  const known = Array.isArray(space.status?.conditions);
  if (!stuck || known) return;
  const message =
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1";
  const condition = {
    type: "NamespaceDeletionDiscoveryFailure",
    status: "True",
    reason: "DiscoveryFailed",
    message,
  };
  const conditions = [{ ...condition, lastTransitionTime: kubeTime(cluster.now()) }];
  cluster.objects.put({ ...space, status: { ...space.status, conditions } });
}
