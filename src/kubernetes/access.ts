import { isMissingRight } from "../domain/simulations/refusals.ts";
import { UpstreamError } from "../errors.ts";
import type { ClusterAccess } from "../ports/clusters.ts";
import { rightsReader, unlistableKinds } from "./connection/access-reviews.ts";
import { askOne, type Transport } from "./connection/transport.ts";
import { applier, looker } from "./objects/apply.ts";
import { replicaFailure, whyTerminating } from "./objects/conditions.ts";
import { trier } from "./objects/dry-run.ts";
import { labelledReader, remover } from "./objects/remove.ts";
import { resourcesOf } from "./objects/resources.ts";
import { readDefenderPods } from "./pods/defender-pods.ts";
import { readNodes } from "./pods/nodes.ts";
import { readLog } from "./pods/pod-log.ts";
import { readPod } from "./pods/pod-state.ts";

export type AccessOptions = {
  /** Resources beside the usual ones that a scenario may create. */
  more: readonly { apiGroup: string; resource: string }[];
  /** ISO. */
  now(): string;
  /** Since when (ms) objects are seen to be ending, by their uid: kept as long as clusters are. */
  ending: Map<string, number>;
};

/** Everything that is done in a cluster, whatever the way to it. */
export function accessThrough(transport: Transport, options: AccessOptions): ClusterAccess {
  const resources = resourcesOf(transport);
  const deps = { transport, resources, ...options };
  return {
    how: transport.how,
    nodes: () => readNodes(transport),
    defenderPods: () => readDefenderPods(transport),
    refusedRights: rightsReader(deps),
    unlistable: (namespace) => unlistableKinds(transport, namespace),
    dryRun: trier(deps),
    confined: () => confinement(transport),
    look: looker(deps),
    async namespace(name) {
      const there = await looker(deps)({ apiVersion: "v1", kind: "Namespace", name });
      if (there === undefined) return "absent";
      if (there.terminating) return "terminating";
      return there.ours ? "ours" : "theirs";
    },
    whyTerminating: (name) => whyTerminating(transport, name),
    replicaFailure: (object) => replicaFailure(transport, resources, object),
    apply: applier(deps),
    pod: (namespace, name) => readPod(transport, namespace, name),
    log: (namespace, pod, from, container) => readLog(transport, namespace, pod, from, container),
    exec: (namespace, name, container, command) => transport.exec({ namespace, name, container }, command),
    labelled: labelledReader(deps),
    remove: remover(deps),
  };
}

const namespace = "kube-system";
const name = "breakwater-policy-probe";
/** What the policy of docs/kubernetes-role.yaml says, under whatever name beginning like this it was applied. */
const denial = /ValidatingAdmissionPolicy '([^']*)'(?: with binding '[^']*')? denied request/g;

function isOurDenial(said: string): boolean {
  return [...said.matchAll(denial)].some(([, policy]) => policy?.includes("breakwater"));
}

/** A dry run of an object that Breakwater has no business with: the API server has to refuse it. */
async function confinement(transport: Transport): Promise<Awaited<ReturnType<ClusterAccess["confined"]>>> {
  const manifest = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
  try {
    await askOne(transport, { kind: "apply", path, manifest, dryRun: true, force: false });
    return { state: "open", said: "" };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    const confined = isOurDenial(error.message) || isMissingRight(error);
    return { state: confined ? "confined" : "unknown", said: error.message };
  }
}
