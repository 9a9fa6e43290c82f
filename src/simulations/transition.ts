import type { FailureKind, Run } from "../domain/simulations/simulation.ts";
import { failed, isOver } from "../domain/simulations/transitions.ts";
import { announce } from "./announce.ts";
import type { SimulationPorts } from "./parts.ts";
import { simulationJob } from "./request.ts";

/**
 * Puts the run where `change` says, unless somebody else changed its state meanwhile, and tells of it.
 * @returns 0 where the run goes on at once; undefined where it is over
 */
export async function move(
  run: Run,
  change: (run: Run) => Run | undefined,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const moved = await quietly(run, change, ports);
  if (!moved) return undefined;
  if (isOver(moved.run)) {
    await ended(moved.run, ports);
    return undefined;
  }
  if (moved.changed) await announce(moved.run, ports);
  return 0;
}

/** The same without an announcement. */
export async function note(
  run: Run,
  more: Partial<Run>,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const noted = await quietly(run, (one) => ({ ...one, ...more, troubled: undefined }), ports);
  return noted && !isOver(noted.run) ? 0 : undefined;
}

export function quietly(run: Run, change: (run: Run) => Run | undefined, { store }: SimulationPorts) {
  return store.runs.change(run.id, (one) => (one.state === run.state ? change(one) : undefined));
}

/** Ends the run with a failure: at once where nothing was created, else through clean-up. */
export function fail(
  run: Run,
  what: FailureKind,
  said: string,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const { preflight } = run;
  const failure = { what, said: said.slice(0, 2000) };
  return move(run, (one) => failed({ ...one, preflight }, failure, ports.clock.now()), ports);
}

/** Tells of a run that is over, and wakes the next one on its cluster. */
export async function ended(run: Run, ports: SimulationPorts): Promise<void> {
  ports.metrics.count("simulations_total", { scenario: run.scenario, outcome: run.state });
  await announce(run, ports);
  const next = await ports.store.runs.next(run);
  if (next) await ports.queue.enqueue(simulationJob, { run: next }, { wake: true });
}

/** Seconds, with their fractions, since an ISO time; 0 where there is none. */
export function secondsSince(since: string | undefined, { clock }: Pick<SimulationPorts, "clock">): number {
  return since ? (Date.parse(clock.now()) - Date.parse(since)) / 1000 : 0;
}
