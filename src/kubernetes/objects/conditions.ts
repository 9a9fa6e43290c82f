import type { ObjectRef } from "../../ports/clusters.ts";
import { askIfThere, type Transport } from "../connection/transport.ts";
import { items, text } from "./read.ts";
import { objectPath, type Resources } from "./resources.ts";

const mostNamed = 5;

/** Since when a namespace is terminating, and why, in the words of its conditions [Kubernetes, NamespaceCondition]. */
export async function whyTerminating(transport: Transport, name: string): Promise<string> {
  const current = await askIfThere(transport, `/api/v1/namespaces/${encodeURIComponent(name)}`);
  const since = text(current, ["metadata", "deletionTimestamp"], 50);
  // Those that are False say that nothing of their kind is in the way.
  const reasons = items(current, "status", "conditions")
    .filter((one) => text(one, ["status"]) === "True")
    .slice(0, mostNamed)
    .map((one) => `${text(one, ["type"], 100)}: ${text(one, ["message"], 300)}`);
  const because = reasons.length > 0 ? `, because: ${reasons.join("; ")}` : "";
  return `Namespace ${name} has been terminating${since && ` since ${since}`}${because}`;
}

/** Why a workload makes no pods, where it says so [Kubernetes, condition ReplicaFailure of Deployment and ReplicaSet]. */
export async function replicaFailure(
  transport: Transport,
  resources: Resources,
  object: ObjectRef,
): Promise<{ reason: string; message: string } | undefined> {
  const resource = await resources.ofKind(object.apiVersion, object.kind);
  const current = await askIfThere(transport, objectPath(resource, object));
  const condition = items(current, "status", "conditions").find(
    (one) => text(one, ["type"]) === "ReplicaFailure" && text(one, ["status"]) === "True",
  );
  if (condition === undefined) return undefined;
  return {
    reason: text(condition, ["reason"], 100) || "ReplicaFailure",
    message: text(condition, ["message"], 1000),
  };
}
