import { randomUUID } from "node:crypto";
import { admit } from "../admission.ts";
import type { Cluster } from "../cluster.ts";
import { withDefaults } from "../defaults.ts";
import { type Kind, plural } from "../kinds.ts";
import { type Json, type KubeObject, kubeTime } from "../object.ts";
import { forbidden, notFound } from "../status.ts";
import { validate } from "../validate.ts";
import type { Target } from "./request.ts";

/** A new object, complete: its place, identity, defaults, validity and admission. */
export function prepared(cluster: Cluster, target: Target, given: KubeObject): KubeObject {
  const { metadata } = given;
  const name =
    target.name ??
    metadata.name ??
    (metadata.generateName ? `${metadata.generateName}${randomUUID().slice(0, 5)}` : "");
  const now = kubeTime(cluster.now());
  const { resourceVersion: _, deletionTimestamp: __, ...meta } = metadata;
  const identity = { name, uid: randomUUID(), resourceVersion: "", creationTimestamp: now };
  const place = target.kind.namespaced ? { namespace: target.namespace } : {};
  const made = {
    ...given,
    metadata: { ...meta, ...place, ...identity, ...(given.spec ? { generation: 1 } : {}) },
  };
  delete (made as Json).status;
  if (target.kind.namespaced) livingNamespace(cluster, target.kind, target.namespace ?? "", name);
  const filled = withDefaults(
    made,
    () => `10.0.${Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`,
  );
  validate(target.kind, filled);
  if (target.kind.kind === "Pod") knownAccount(cluster, filled);
  admit(cluster.policies, filled);
  return filled;
}

function livingNamespace(cluster: Cluster, kind: Kind, namespace: string, name: string) {
  const space = cluster.objects.get(plural("namespaces"), undefined, namespace);
  if (!space) throw notFound(plural("namespaces"), namespace);
  if (space.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(kind, name, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}

function knownAccount(cluster: Cluster, { metadata, spec }: KubeObject) {
  const account = String(spec?.serviceAccountName ?? "default");
  if (cluster.objects.get(plural("serviceaccounts"), metadata.namespace, account)) return;
  const why = `error looking up service account ${metadata.namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden(plural("pods"), metadata.name, why);
}
