import { runLabel } from "../../domain/simulations/objects.ts";
import { isTriedAgain } from "../../domain/simulations/retries.ts";
import type { ClusterRef, Leftover, Run } from "../../domain/simulations/simulation.ts";
import { enter, isOver } from "../../domain/simulations/transitions.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess, ObjectRef } from "../../ports/clusters.ts";
import { announce } from "../announce.ts";
import { commandRuns, sweepJournal, withJournal } from "../command-journal.ts";
import type { SimulationPorts } from "../parts.ts";
import { simulationJob } from "../request.ts";
import { accessTo, removeAll } from "./clean-up.ts";

/** A cluster is looked at this often, as long as something of a run may be there. */
const lookSeconds = 300;

/**
 * Requests without a decision expire; runs whose job was lost go on; what was not announced, since its process died
 * before, is announced; what runs left is tried again.
 */
export async function sweepRuns(ports: SimulationPorts): Promise<{ expired: number; open: number }> {
  const { store, clock, queue } = ports;
  const now = clock.now();
  let expired = 0;
  const open = await store.runs.open();
  for (const run of open) {
    if (run.state !== "requested") {
      await queue.enqueue(simulationJob, { run: run.id });
    } else if (now > run.approvable) {
      const ended = await store.runs.change(run.id, (one) => enter(one, "expired", now));
      if (ended?.changed) expired++;
      if (ended) await announce(ended.run, ports);
    } else await announce(run, ports);
  }
  for (const run of await store.runs.untold()) await announce(run, ports);
  for (const run of await store.runs.left())
    if ((run.cleanUp?.retries?.next ?? now) <= now) await queue.enqueue(simulationJob, { run: run.id });
  return { expired, open: open.length };
}

/**
 * Removes what runs left behind, which it finds by label on each cluster where a run was made: objects of runs that are over, and
 * of unknown runs once their time to live has passed. A cluster on which nothing is left is forgotten.
 * @returns how many objects were removed
 */
export async function sweepClusters(ports: SimulationPorts): Promise<number> {
  const { store, log } = ports;
  let removed = 0;
  for (const { cluster, commands = {} } of await store.runs.visited()) {
    const first = () => store.once.first(`simulation-sweep:${cluster.id.toLowerCase()}`, lookSeconds);
    // A look that Azure's commands hold up goes on where it was.
    if (Object.keys(commands).length === 0 && !(await first())) continue;
    const journal = sweepJournal(cluster, commands, ports);
    try {
      removed += await sweepCluster(cluster, withJournal(ports, journal));
      await journal.forget();
    } catch (error) {
      if (commandRuns(error) !== undefined) continue;
      await journal.forget();
      if (!(error instanceof UpstreamError) || error.system === "redis") throw error;
      log.warn(
        { cluster: cluster.name, code: error.code, status: error.status },
        "a cluster could not be swept",
      );
    }
  }
  return removed;
}

async function sweepCluster(cluster: ClusterRef, ports: SimulationPorts): Promise<number> {
  const { runs } = ports.store;
  const access = await accessTo(cluster, ports);
  const { seen, removed } = access ? await removeOrphans(access, ports) : { seen: 0, removed: 0 };
  const still = (await runs.open()).some((run) => run.cluster?.id === cluster.id);
  if (seen === 0 && !still) await runs.leave(cluster);
  return removed;
}

async function removeOrphans(
  access: ClusterAccess,
  ports: SimulationPorts,
): Promise<{ seen: number; removed: number }> {
  const objects = await access.labelled();
  let removed = 0;
  for (const [id, some] of Map.groupBy(objects, ({ run }) => run)) {
    const run = await ports.store.runs.get(id);
    if (run && (!isOver(run) || isTriedAgain(run))) continue;
    const orphans = run ? some : some.filter(({ expires }) => passed(expires, ports));
    if (orphans.length === 0) continue;
    removed += orphans.length - (await removeAll(access, orphans, id)).length;
    if (run) await settle(run, access, ports);
  }
  return { seen: objects.length, removed };
}

/** An object without a readable time to live is not ours to judge: another installation may own it. */
function passed(expires: string | undefined, { clock }: SimulationPorts): boolean {
  const time = Date.parse(expires ?? "");
  return Number.isFinite(time) && time < Date.parse(clock.now());
}

/** The report is corrected where what it said to be left is gone. */
async function settle(run: Run, access: ClusterAccess, ports: SimulationPorts): Promise<void> {
  if (!run.cleanUp?.left.length) return;
  const names = new Set(
    (await access.labelled(run.id)).map((object: ObjectRef) => `${object.kind} ${object.name}`),
  );
  // What lies outside of the objects (an image, a file on a node) is not found by a label.
  const byLabel = ({ what, undo }: Leftover) =>
    undo === undefined && (what.startsWith(`${runLabel}=`) || /^[A-Z]\w+ [a-z0-9.-]+$/.test(what));
  const there = (one: Leftover) =>
    !byLabel(one) || names.has(one.what) || (one.what.startsWith(`${runLabel}=`) && names.size > 0);
  const settled = await ports.store.runs.change(run.id, (one) => {
    const left = one.cleanUp?.left.filter(there) ?? [];
    if (!one.cleanUp || left.length === one.cleanUp.left.length) return undefined;
    const removed = one.cleanUp.removed + one.cleanUp.left.length - left.length;
    const at = ports.clock.now();
    const gone = one.cleanUp.left.filter((before) => !left.includes(before));
    const later = [...(one.cleanUp.later ?? []), ...gone.map(({ what }) => ({ what, at }))];
    return { ...one, cleanUp: { ...one.cleanUp, removed, left, later } };
  });
  if (settled?.changed) await announce(settled.run, ports);
}
