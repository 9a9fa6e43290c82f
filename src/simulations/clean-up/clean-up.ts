import { runLabel } from "../../domain/simulations/objects.ts";
import { judge } from "../../domain/simulations/proofs/judge.ts";
import { isMissingRight } from "../../domain/simulations/refusals.ts";
import { nextTry } from "../../domain/simulations/retries.ts";
import type { CleanUp, ClusterRef, Leftover, Run } from "../../domain/simulations/simulation.ts";
import { endOf, enter } from "../../domain/simulations/transitions.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess, ObjectRef } from "../../ports/clusters.ts";
import { commandRuns } from "../command-journal.ts";
import type { Parts, SimulationPorts } from "../parts.ts";
import { move, note, secondsSince } from "../transition.ts";
import { undoLeft, undone } from "./undo.ts";

/** What is still terminating after this is said to be left; the sweeper goes on. */
const terminatingSeconds = 120;
const pollSeconds = 2;
/** Of a subscription that is not found nothing is known: it may belong to another directory now. */
const deleted = ["ResourceNotFound", "ResourceGroupNotFound"];

/**
 * Removes what the run created, then ends it. What lies outside of its objects is undone first, through them; then the
 * objects go by their label. Repeating it is harmless.
 * @returns seconds until it should be called again; undefined where the run is over
 */
export async function cleanUp(
  run: Run,
  parts: Parts | undefined,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const seconds = await remove(run, parts, ports);
  if (seconds !== undefined) return seconds;
  const cleaned = await ports.store.runs.get(run.id);
  return cleaned && cleaned.state === run.state ? end(cleaned, parts, ports) : 0;
}

function end(run: Run, parts: Parts | undefined, ports: SimulationPorts): Promise<number | undefined> {
  const now = ports.clock.now();
  return move(
    run,
    (one) =>
      enter(one, endOf(one), now, {
        ...(parts && { verdicts: judge(parts.expects, one) }),
        ...(one.cleanUp && { cleanUp: tried(one.cleanUp, now) }),
      }),
    ports,
  );
}

/** What is left when a run ends is tried again by itself. */
function tried(cleanUp: CleanUp, now: string): CleanUp {
  return cleanUp.left.length > 0
    ? { ...cleanUp, retries: { tries: 0, next: nextTry(0, now, now) } }
    : cleanUp;
}

/**
 * Undoes and removes; puts down what is left once no more can be done.
 * @returns seconds until it should be called again; undefined where clean-up is over
 */
export async function remove(
  run: Run,
  parts: Parts | undefined,
  ports: SimulationPorts,
): Promise<number | undefined> {
  if (!run.cleaning) return note(run, { cleaning: { since: ports.clock.now(), found: 0, left: [] } }, ports);
  const access = await accessTo(run.cluster, ports);
  // Nothing lies outside of the objects of an attack that did not begin.
  const undo = run.started ? parts?.undo[run.undone] : undefined;
  if (undo) {
    const left = await undone(run, undo, run.undone, access, ports);
    return note(
      run,
      { undone: run.undone + 1, cleaning: { ...run.cleaning, left: [...run.cleaning.left, ...left] } },
      ports,
    );
  }
  const objects = access ? await access.labelled(run.id) : [];
  const most = Math.max(run.cleaning.found, objects.length);
  if (most > run.cleaning.found) await note(run, { cleaning: { ...run.cleaning, found: most } }, ports);
  // What was removed before the verdict is looked at once more after it.
  const since = [run.cleaning.since, run.at["cleaning-up"] ?? ""].sort().at(-1);
  const over = secondsSince(since, ports) > terminatingSeconds;
  const refused = access ? await removeAll(access, objects, run.id, !over) : [];
  const pending = objects.filter(({ name, kind }) => !refused.some(({ what }) => what === `${kind} ${name}`));
  if (pending.length > 0 && !over) return pollSeconds;
  const left = [
    ...run.cleaning.left,
    ...refused,
    ...(access ? await Promise.all(pending.map((object) => stillThere(object, access))) : []),
  ];
  const removed = Math.max(0, most - pending.length - refused.length);
  // The end of the attack is when nothing of it was there any more, not when that was looked at again.
  const at = run.cleanUp?.left.length === 0 && left.length === 0 ? run.cleanUp.at : ports.clock.now();
  const gone = run.cluster && !access ? { gone: true as const } : {};
  await note(run, { cleanUp: { at, removed, left, ...gone } }, ports);
  return undefined;
}

/** The way to a run's cluster; undefined where it has none, or where Azure says that it was deleted with all that was in it. */
export async function accessTo(
  cluster: ClusterRef | undefined,
  { clusters }: Pick<SimulationPorts, "clusters">,
): Promise<ClusterAccess | undefined> {
  try {
    return cluster && (await clusters.reach(cluster));
  } catch (error) {
    if (error instanceof UpstreamError && error.system === "azure" && deleted.includes(error.code))
      return undefined;
    throw error;
  }
}

/**
 * Removes objects of a run in the order given; answers those that the cluster does not let us remove. One that fails
 * keeps none of the others; what may be over at the next try is thrown at the end.
 * @param patient a missing permission counts as what may be over: an API server that restarts says so of everything
 */
export async function removeAll(
  access: ClusterAccess,
  objects: readonly ObjectRef[],
  run: string,
  patient = false,
): Promise<Leftover[]> {
  const refused: Leftover[] = [];
  let passing: UpstreamError | undefined;
  for (const object of objects) {
    try {
      await access.remove(object, run);
    } catch (error) {
      if (!(error instanceof UpstreamError) || commandRuns(error) !== undefined) throw error;
      // Nothing answers: the others would only wait for the same.
      if (error.retryable && error.status === 0) throw error;
      if (error.retryable) passing ??= error;
      else if (!patient || !isMissingRight(error))
        // Whose they are is for people to see: to delete the namespace would delete what is not the run's.
        refused.push(
          leftover(object, error.message, error.code === "NotEmpty" ? listLine(object) : undefined),
        );
    }
  }
  if (passing) throw passing;
  return refused;
}

/** The far side was away for longer than we are patient: everything that may be there is named. */
export async function giveUpCleaning(
  run: Run,
  parts: Parts | undefined,
  said: string,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const undo = run.started ? (parts?.undo.slice(run.undone) ?? []) : [];
  const kinds = "deployments,pods,services,serviceaccounts,configmaps,secrets";
  const selector = `--selector ${runLabel}=${run.id}`;
  const objects: Leftover[] = run.cluster
    ? [
        {
          what: `${runLabel}=${run.id} (${run.namespace})`,
          why: said,
          mend: `kubectl delete ${kinds} --namespace ${run.namespace} ${selector} && kubectl delete namespaces ${selector}`,
        },
      ]
    : [];
  const left = [
    ...(run.cleaning?.left ?? []),
    ...undo.map((step, index) => undoLeft(run, step, run.undone + index, said)),
    ...objects,
  ];
  await note(run, { cleanUp: { at: ports.clock.now(), removed: 0, left } }, ports);
  const cleaned = await ports.store.runs.get(run.id);
  return cleaned && end(cleaned, parts, ports);
}

export function leftover(object: ObjectRef, why: string, mend = deleteLine(object)): Leftover {
  return { what: `${object.kind} ${object.name}`, why, mend };
}

function deleteLine({ kind, name, namespace }: ObjectRef): string {
  return `kubectl delete ${kind.toLowerCase()} ${name}${namespace ? ` --namespace ${namespace}` : ""}`;
}

/** Lists everything in a namespace. */
function listLine({ name }: ObjectRef): string {
  const kinds = "kubectl api-resources --verbs=list --namespaced --output name";
  return `${kinds} | xargs -n 1 kubectl get --show-kind --ignore-not-found --namespace ${name}`;
}

/** What is still there, with what holds it up. */
export async function stillThere(
  object: ObjectRef & { terminating: boolean },
  access: ClusterAccess,
): Promise<Leftover> {
  if (!object.terminating) return leftover(object, "");
  const isNamespace = object.kind === "Namespace";
  return leftover(object, isNamespace ? await access.whyTerminating(object.name) : "Terminating");
}
