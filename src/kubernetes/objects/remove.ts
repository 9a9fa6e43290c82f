import { managedByLabel, runLabel } from "../../domain/simulations/objects.ts";
import type { ObjectRef } from "../../ports/clusters.ts";
import { type Answered, askIfThere, type Transport } from "../connection/transport.ts";
import { listEach } from "./list.ts";
import { holdsOnlyOurs } from "./namespace-contents.ts";
import { seen } from "./ownership.ts";
import { text } from "./read.ts";
import { createdKinds, objectPath, pathOf, type Resource, type Resources } from "./resources.ts";

export type RemoveDeps = {
  transport: Transport;
  resources: Resources;
  /** Resources beside the usual ones that a scenario may create. */
  more: readonly { apiGroup: string; resource: string }[];
  /** ISO. */
  now(): string;
  ending: Map<string, number>;
};
type Labelled = ObjectRef & { run: string; expires?: string; terminating: boolean };

/** Milliseconds after which an end without a node that would confirm it is no longer waited for. */
const lateMs = 60_000;
/** Objects whose end is watched at the same time. */
const mostEnding = 1000;
/** Objects of a page. */
const pageSize = 100;

/** Everything with the label of a run, or of any run, in the order in which it is removed. */
export function labelledReader(deps: RemoveDeps) {
  return async (run?: string): Promise<Labelled[]> => {
    const selector = `${managedByLabel}=breakwater,${run === undefined ? runLabel : `${runLabel}=${run}`}`;
    const labelled: Labelled[] = [];
    const resources = await removedKinds(deps);
    const lists = await listEach(
      deps.transport,
      resources.map((one) => ({ path: pathOf(one), selector, size: pageSize })),
    );
    for (const [index, { apiVersion, kind }] of resources.entries()) {
      const listed = lists[index];
      if (listed?.error) throw listed.error;
      for (const object of listed?.listed ?? []) {
        const { run: of, ours, expires, terminating } = seen(object);
        const name = text(object, ["metadata", "name"], 253);
        // The selector is the server's; that it was kept is looked at here, before anything is deleted.
        if (!ours || of === undefined || name === "" || (run !== undefined && of !== run)) continue;
        const namespace = text(object, ["metadata", "namespace"], 63) || undefined;
        labelled.push({ apiVersion, kind, namespace, name, run: of, expires, terminating });
      }
    }
    return labelled;
  };
}

/** What clean-up looks for, in its order: others go before the namespace, which takes everything in it along. */
export async function removedKinds({ resources, more }: RemoveDeps): Promise<Resource[]> {
  const resolved = await Promise.all(
    more.map(({ apiGroup, resource }) => resources.ofName(apiGroup, resource)),
  );
  const extra = resolved.filter((one) => one !== undefined && !createdKinds.includes(one)) as Resource[];
  const [namespaces, others] = [
    createdKinds.filter((one) => !one.namespaced),
    createdKinds.filter((one) => one.namespaced),
  ];
  return [...new Map([...others, ...extra, ...namespaces].map((one) => [pathOf(one), one])).values()];
}

/** Deletes one object of a run; true where it is gone, or is not the run's any more. */
export function remover(deps: RemoveDeps) {
  return async (object: ObjectRef, run: string): Promise<boolean> => {
    const { transport } = deps;
    const resource = await deps.resources.ofKind(object.apiVersion, object.kind);
    const path = objectPath(resource, object);
    const there = await askIfThere(transport, path);
    const state = seen(there);
    if (!state.terminating) deps.ending.delete(state.uid);
    if (there === undefined || !state.ours || state.run !== run) return true;
    // A namespace takes everything in it along, also what others put there.
    if (object.kind === "Namespace" && !state.terminating)
      if (!(await holdsOnlyOurs(object.name, run, transport))) return false;
    const late = state.terminating && endsFor(state.uid, deps) > lateMs;
    if (!state.terminating || (late && object.kind === "Pod")) {
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Background",
        ...(state.uid && { preconditions: { uid: state.uid } }),
        // A second is no dragging, and the node still confirms that the containers ended; a dead one never will.
        ...(object.kind === "Pod" && { gracePeriodSeconds: late ? 0 : 1 }),
      };
      const [answer, after] = await transport.ask([
        { kind: "delete", path, body },
        { kind: "get", path },
      ]);
      // 409: another object took the name meanwhile; the next call looks at that one.
      if (answer?.error && answer.error.status !== 404 && answer.error.status !== 409) throw answer.error;
      return isGone(after, state.uid);
    }
    return false;
  };
}

/** Milliseconds since it was first seen to be ending: the clock of the cluster may be minutes away from ours. */
function endsFor(uid: string, { ending, now }: RemoveDeps): number {
  const time = Date.parse(now());
  const since = ending.get(uid) ?? time;
  if (ending.size >= mostEnding) ending.delete(ending.keys().next().value as string);
  ending.set(uid, since);
  return time - since;
}

function isGone(after: Answered | undefined, uid: string): boolean {
  if (after?.error) return after.error.status === 404;
  const left = seen(after?.body).uid;
  return left !== "" && left !== uid;
}
