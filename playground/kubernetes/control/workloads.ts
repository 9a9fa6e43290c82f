import { createHash, randomUUID } from "node:crypto";
import { admit } from "../admission.ts";
import { begin } from "../api/remove.ts";
import type { Cluster } from "../cluster.ts";
import { withDefaults } from "../defaults.ts";
import { plural } from "../kinds.ts";
import { isReady } from "../node/pod-status.ts";
import { at, type KubeObject, kubeTime, listAt, type Owner } from "../object.ts";
import { isRefusal } from "../status.ts";

/** Makes replica sets of deployments and pods of replica sets, keeps their counts, and deletes what has lost its owner. */
export function startWorkloads(cluster: Cluster) {
  const owner = ({ metadata }: KubeObject, kind: string) =>
    metadata.ownerReferences?.find((one) => one.kind === kind && one.controller);
  cluster.objects.listen(({ kind, object, type }) => {
    if (type === "DELETED") return cluster.later(0.5, () => orphans(cluster, object));
    if (kind.kind === "Deployment") return cluster.later(0.2, () => deploy(cluster, object));
    if (kind.kind === "ReplicaSet") return cluster.later(0.2, () => scale(cluster, object));
    const above = kind.kind === "Pod" ? owner(object, "ReplicaSet") : undefined;
    if (!above) return;
    const set = cluster.objects.get(plural("replicasets"), object.metadata.namespace, above.name);
    if (set) cluster.later(0.1, () => scale(cluster, set));
  });
  cluster.objects.listen(({ kind, object, type }) => {
    const above = kind.kind === "Pod" && type === "DELETED" ? owner(object, "ReplicaSet") : undefined;
    const set = above && cluster.objects.get(plural("replicasets"), object.metadata.namespace, above.name);
    if (set) cluster.later(0.5, () => scale(cluster, set));
  });
}

const live = (cluster: Cluster, { metadata, kind }: KubeObject) => {
  const owner = cluster.objects.get(plural(`${kind.toLowerCase()}s`), metadata.namespace, metadata.name);
  return owner?.metadata.uid === metadata.uid && !owner.metadata.deletionTimestamp ? owner : undefined;
};

function owned(owner: KubeObject): Owner {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

function child(
  cluster: Cluster,
  owner: KubeObject,
  kind: "Pod" | "ReplicaSet",
  name: string,
  spec: unknown,
): KubeObject {
  const template = at(owner.spec, "template", "metadata");
  const labels = { ...at(template, "labels") } as Record<string, string>;
  return {
    apiVersion: kind === "Pod" ? "v1" : "apps/v1",
    kind,
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      uid: randomUUID(),
      resourceVersion: "",
      generation: 1,
      creationTimestamp: kubeTime(cluster.now()),
      labels,
      annotations: { ...at(template, "annotations") } as Record<string, string>,
      ownerReferences: [owned(owner)],
    },
    spec: spec as KubeObject["spec"],
  };
}

const hashOf = (value: unknown) =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 10);

function deploy(cluster: Cluster, given: KubeObject) {
  const deployment = live(cluster, given);
  if (!deployment) return;
  const hash = hashOf(at(deployment.spec, "template"));
  const name = `${deployment.metadata.name}-${hash}`;
  const sets = cluster.objects
    .list(plural("replicasets"), deployment.metadata.namespace)
    .filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid));
  const current = sets.find((one) => one.metadata.name === name);
  const replicas = deployment.spec?.replicas;
  const { template, selector } = deployment.spec ?? {};
  if (!current)
    cluster.objects.put(
      withDefaults(
        child(cluster, deployment, "ReplicaSet", name, { replicas, selector, template }),
        () => "",
      ),
    );
  else if (current.spec?.replicas !== replicas)
    cluster.objects.put({ ...current, spec: { ...current.spec, replicas } });
  for (const old of sets)
    if (old !== current && old.spec?.replicas !== 0)
      cluster.objects.put({ ...old, spec: { ...old.spec, replicas: 0 } });
  const status = current?.status ?? {};
  const conditions = listAt(status, "conditions");
  const next = {
    ...(conditions.length > 0 ? { conditions } : {}),
    replicas: status.replicas ?? 0,
    readyReplicas: status.readyReplicas ?? 0,
    availableReplicas: status.readyReplicas ?? 0,
    observedGeneration: deployment.metadata.generation,
  };
  if (JSON.stringify(next) !== JSON.stringify(deployment.status))
    cluster.objects.put({ ...deployment, status: next });
}

function scale(cluster: Cluster, given: KubeObject) {
  const set = live(cluster, given);
  if (!set) return;
  const pods = cluster.objects
    .list(plural("pods"), set.metadata.namespace)
    .filter(
      (one) =>
        one.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) &&
        !one.metadata.deletionTimestamp,
    );
  const wanted = Number(set.spec?.replicas ?? 1);
  let failure: string | undefined;
  for (let count = pods.length; count < wanted; count++) {
    const spec = at(set.spec, "template", "spec");
    const pod = withDefaults(
      child(cluster, set, "Pod", `${set.metadata.name}-${randomUUID().slice(0, 5)}`, spec),
      () => "",
    );
    try {
      admit(cluster.policies, pod);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failure = error.refusal.message;
      break;
    }
    cluster.objects.put(pod);
  }
  for (const pod of pods.slice(wanted)) begin(cluster, pod, {});
  const status = {
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length,
    // Each attempt has a name of its own: the condition that is there stays.
    ...(failure ? { conditions: [listAt(set.status, "conditions")[0] ?? failedCreate(failure)] } : {}),
  };
  if (JSON.stringify(set.status ?? {}) === JSON.stringify(status)) return;
  cluster.objects.put({ ...set, status });
  const above = set.metadata.ownerReferences?.find((one) => one.kind === "Deployment");
  const deployment = above && cluster.objects.get(plural("deployments"), set.metadata.namespace, above.name);
  if (deployment) deploy(cluster, deployment);
}

/** As the replica set's controller says it, and the deployment's copies it [apps/v1, ReplicaSetCondition]. */
const failedCreate = (message: string) => ({
  type: "ReplicaFailure",
  status: "True",
  reason: "FailedCreate",
  message,
});

/** Garbage collection: what an object owned goes after it. */
function orphans(cluster: Cluster, gone: KubeObject) {
  const { uid } = gone.metadata;
  for (const one of cluster.objects.everything()) {
    const owners = one.metadata.ownerReferences ?? [];
    if (owners.some((owner) => owner.uid === uid) && owners.length === 1 && !one.metadata.deletionTimestamp)
      begin(cluster, one, {});
  }
}
