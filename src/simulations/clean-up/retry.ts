import { marked, namespaceManifest, runLabel } from "../../domain/simulations/objects.ts";
import { stuck } from "../../domain/simulations/pods.ts";
import { isTriedAgain, nextTry } from "../../domain/simulations/retries.ts";
import type { CleanUp, Leftover, Run } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess } from "../../ports/clusters.ts";
import { announce } from "../announce.ts";
import { commandRuns } from "../command-journal.ts";
import { type Parts, partsOf, type SimulationPorts } from "../parts.ts";
import { secondsSince } from "../transition.ts";
import { accessTo, removeAll, stillThere } from "./clean-up.ts";
import { undoLeft, undone } from "./undo.ts";

/** Seconds that one attempt may take until its pod runs, and until what it removes is gone. */
const attemptSeconds = 120;
const pollSeconds = 2;
/** Seconds for which a pod that is made for an undo may live. */
const podSeconds = 1800;

/**
 * Tries again to remove what a run left that is over: first what its undo steps did not undo, through its pod, which is
 * made anew where it is gone; then its objects. The report tells of each attempt, and of what is gone after all.
 * @returns seconds until it should be called again; undefined where this attempt is over, or none is due
 */
export async function tryAgain(run: Run, ports: SimulationPorts): Promise<number | undefined> {
  const retries = run.cleanUp?.retries;
  if (!isTriedAgain(run) || !retries?.next) return undefined;
  const now = ports.clock.now();
  if (!retries.since) {
    // Another run of the same scenario would have the same names: its turn comes first.
    if (retries.next > now || (await ports.store.runs.next(run))) return undefined;
    await change(run, (cleanUp) => ({ ...cleanUp, retries: { ...retries, since: now } }), ports);
    return 0;
  }
  const late = secondsSince(retries.since, ports) > attemptSeconds;
  try {
    const access = await accessTo(run.cluster, ports);
    const left = await (retries.undone ? removed(run, late, access) : undo(run, late, access, ports));
    if (left === undefined) return pollSeconds;
    if (retries.undone) return concluded(run, left, ports);
    await change(
      run,
      (cleanUp) => ({ ...without(cleanUp, left, now), retries: { ...retries, undone: true } }),
      ports,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system === "redis") throw error;
    if (commandRuns(error) !== undefined) throw error;
    if (error.retryable && !late && error.status !== 0) return Math.min(30, error.retryAfter ?? pollSeconds);
    const left = run.cleanUp?.left ?? [];
    return concluded(
      run,
      left.map((one) => ({ ...one, why: error.message })),
      ports,
    );
  }
}

/** What is left after its undo steps were tried again; undefined where a pod is not ready yet. */
async function undo(
  run: Run,
  late: boolean,
  access: ClusterAccess | undefined,
  ports: SimulationPorts,
): Promise<Leftover[] | undefined> {
  const parts = partsOf(run, ports);
  const left: Leftover[] = [];
  for (const one of run.cleanUp?.left ?? []) {
    const step = one.undo === undefined ? undefined : parts?.undo[one.undo];
    if (!parts || !step || one.undo === undefined) {
      left.push(one);
      continue;
    }
    const waits =
      step.kind === "exec" && access ? await podFor(run, parts, step.pod, access, ports) : undefined;
    if (waits !== undefined && !late) return undefined;
    left.push(
      ...(waits === undefined
        ? await undone(run, step, one.undo, access, ports)
        : [undoLeft(run, step, one.undo, waits)]),
    );
  }
  return left;
}

/** What is left after its objects were removed; undefined where some are not gone yet. */
async function removed(
  run: Run,
  late: boolean,
  access: ClusterAccess | undefined,
): Promise<Leftover[] | undefined> {
  const outside = (run.cleanUp?.left ?? []).filter(({ undo }) => undo !== undefined);
  if (!access) return outside;
  const objects = await access.labelled(run.id);
  const refused = await removeAll(access, objects, run.id);
  const pending = objects.filter(({ kind, name }) => !refused.some(({ what }) => what === `${kind} ${name}`));
  if (pending.length > 0 && !late) return undefined;
  return [
    ...outside,
    ...refused,
    ...(await Promise.all(pending.map((object) => stillThere(object, access)))),
  ];
}

/** Makes the pod of an undo step where it is gone or has ended. Answers what it waits for; undefined where it is ready. */
async function podFor(
  run: Run,
  { definition, about }: Parts,
  name: string,
  access: ClusterAccess,
  ports: SimulationPorts,
): Promise<string | undefined> {
  const retries = run.cleanUp?.retries;
  const object = { apiVersion: "v1", kind: "Pod", namespace: run.namespace, name };
  const current = await access.look(object);
  const pod = current && (await access.pod(run.namespace, name));
  // Another run's pod may be on another node.
  if (pod && current.run !== run.id) return `Pod ${name}: ${runLabel}=${current.run ?? ""}`;
  if (pod?.ready) return undefined;
  if (pod) {
    const ended = pod.phase === "Succeeded" || pod.phase === "Failed";
    if (ended) await access.remove(object, run.id);
    return stuck(pod, secondsSince(retries?.since, ports)) ?? pod.reason ?? pod.phase;
  }
  const expires = new Date(Date.parse(ports.clock.now()) + podSeconds * 1000).toISOString();
  const needed = definition
    .manifests(about)
    .filter(({ kind, metadata }) => kind === "ServiceAccount" || metadata.name === name);
  const namespace = await access.namespace(run.namespace);
  if (namespace === "terminating") return access.whyTerminating(run.namespace);
  if (namespace === "absent") await access.apply([namespaceManifest(run, expires)]);
  await access.apply(marked(needed, run, expires));
  return "Pending";
}

/** Ends an attempt, and sets the next one, if there is one. */
async function concluded(run: Run, left: readonly Leftover[], ports: SimulationPorts): Promise<undefined> {
  const now = ports.clock.now();
  const ended = run.at.reported ?? run.at.failed ?? run.at.cancelled ?? now;
  const how = (cleanUp: CleanUp): CleanUp => {
    const tries = (cleanUp.retries?.tries ?? 0) + 1;
    const next = left.length > 0 ? nextTry(tries, ended, now) : undefined;
    return { ...without(cleanUp, left, now), retries: { tries, last: now, ...(next && { next }) } };
  };
  await change(run, how, ports);
}

/** What is gone after all is put down with its time. */
function without(cleanUp: CleanUp, left: readonly Leftover[], at: string): CleanUp {
  const gone = cleanUp.left.filter(({ what }) => !left.some((one) => one.what === what));
  if (gone.length === 0) return { ...cleanUp, left: [...left] };
  const later = [...(cleanUp.later ?? []), ...gone.map(({ what }) => ({ what, at }))];
  return { ...cleanUp, removed: cleanUp.removed + gone.length, left: [...left], later };
}

async function change(run: Run, how: (cleanUp: CleanUp) => CleanUp, ports: SimulationPorts): Promise<void> {
  // Of two that try at the same moment, one ends the attempt.
  const attempt = run.cleanUp?.retries;
  const same = ({ retries }: CleanUp) =>
    retries?.tries === attempt?.tries && retries?.since === attempt?.since;
  const changed = await ports.store.runs.change(run.id, (one) =>
    one.cleanUp && same(one.cleanUp) ? { ...one, cleanUp: how(one.cleanUp) } : undefined,
  );
  if (changed?.changed && changed.run.cleanUp?.retries?.since === undefined)
    await announce(changed.run, ports);
}
