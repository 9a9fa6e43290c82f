import { judge, stillWaiting } from "../domain/simulations/proofs/judge.ts";
import type { Run } from "../domain/simulations/simulation.ts";
import { enter } from "../domain/simulations/transitions.ts";
import { UpstreamError } from "../errors.ts";
import { remove } from "./clean-up/clean-up.ts";
import { commandRuns } from "./command-journal.ts";
import { findSightings } from "./evidence.ts";
import type { Parts, SimulationPorts } from "./parts.ts";
import { withSightings } from "./sightings.ts";
import { move, quietly, secondsSince } from "./transition.ts";

/** Between two looks, in seconds: alerts wake the run themselves. */
const interval = { least: 0.5, most: 60 };

/**
 * Waits until each expectation has its verdict. What may be removed before the verdict is removed meanwhile.
 * @returns seconds until it should be called again
 */
export async function verify(run: Run, parts: Parts, ports: SimulationPorts): Promise<number | undefined> {
  let failure: UpstreamError | undefined;
  if (parts.definition.cleanUp === "after-steps" && !run.cleanUp) {
    try {
      const seconds = await remove(run, parts, ports);
      return seconds ?? 0;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.system === "redis") throw error;
      if (commandRuns(error) !== undefined) throw error;
      // The verdict does not wait for it: clean-up has its own time after the verdict.
      failure = error;
    }
  }
  const now = ports.clock.now();
  const sightings = await findSightings(run, parts, ports);
  const judged = await quietly(run, (one) => withSightings(one, parts, sightings, now), ports);
  if (!judged || judged.run.state !== run.state) return 0;
  // The verdicts are made of the time as well: what was waiting is missing now.
  const verdicts = judge(parts.expects, judged.run, now);
  if (!stillWaiting(verdicts))
    return move(
      run,
      (one) => enter(one, "cleaning-up", now, { verdicts: judge(parts.expects, one, now) }),
      ports,
    );
  if (judged.changed) await move(run, (one) => ({ ...one, verdicts: judge(parts.expects, one, now) }), ports);
  if (failure) throw failure;
  return pause(run, ports);
}

/** Seldom, the longer it takes already: what comes after a day need not be seen within seconds; and one look at the end. */
function pause(run: Run, ports: SimulationPorts): number {
  const passed = secondsSince(run.started, ports);
  const left = run.verifySeconds - passed;
  const usual = Math.min(
    interval.most,
    Math.max(interval.least, Math.min(run.verifySeconds / 60, passed / 5)),
  );
  return Math.max(0.2, Math.min(usual, left + 0.2));
}
