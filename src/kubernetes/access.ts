import type { ClusterAccess } from "../simulation-ports.ts";
import { applier, looker } from "./applying.ts";
import { replicaFailure, whyTerminating } from "./conditions.ts";
import { confinement } from "./confinement.ts";
import { readNodes } from "./nodes.ts";
import { readLog } from "./pod-log.ts";
import { readPod } from "./pod-state.ts";
import { labelledReader, remover } from "./removing.ts";
import { resourcesOf } from "./resources.ts";
import { rightsReader } from "./rights.ts";
import type { Transport } from "./transport.ts";
import { trier } from "./trying.ts";

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
    refusedRights: rightsReader(deps),
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
