import { isWaitOver } from "../domain/simulations/deadlines.ts";
import { judge, openOf } from "../domain/simulations/proofs/judge.ts";
import type { ExpectationVerdict, Run } from "../domain/simulations/simulation.ts";
import { enter } from "../domain/simulations/transitions.ts";
import { UpstreamError } from "../errors.ts";
import { remove } from "./clean-up/clean-up.ts";
import { commandRuns } from "./command-journal.ts";
import { findSightings } from "./evidence.ts";
import type { Parts, SimulationPorts } from "./parts.ts";
import { simulated, withSightings } from "./sightings.ts";
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
  const judged = await quietly(run, (one) => withSightings(one, parts, sightings), ports);
  if (!judged || judged.run.state !== run.state) return 0;
  const verdicts = judge(parts.expects, judged.run);
  const open = openOf(verdicts);
  if (open.length === 0) return settle(run, parts, {}, ports);
  if (isWaitOver(run, now)) {
    await readAlertsAtEnd(run, parts, open, ports);
    return settle(run, parts, { unseen: "missing" }, ports);
  }
  if (judged.changed) await move(run, (one) => ({ ...one, verdicts: judge(parts.expects, one) }), ports);
  if (failure) throw failure;
  if (judged.run.troubled) await move(run, (one) => ({ ...one, troubled: undefined }), ports);
  return pause(run, ports);
}

/** Ends the wait with a verdict for each expectation. `unread`: why what would tell the rest could not be read. */
export function settle(
  run: Run,
  { expects }: Parts,
  { unseen, unread }: { unseen?: "missing" | "unknown"; unread?: string },
  ports: SimulationPorts,
): Promise<number | undefined> {
  const change = (one: Run) =>
    enter(one, "cleaning-up", ports.clock.now(), { verdicts: judge(expects, one, unseen), unread });
  return move(run, change, ports);
}

/**
 * What is not there now is missing, what names nothing of the run now stays likely. The poll may
 * have failed, or not have run, during the whole wait: the authority is asked once itself, and what
 * it tells of is put down in the run.
 * @throws UpstreamError where the alerts of the run's subscription can't be read
 */
async function readAlertsAtEnd(
  { subscription }: Run,
  { expects }: Parts,
  open: readonly ExpectationVerdict[],
  ports: SimulationPorts,
): Promise<void> {
  if (!open.some(({ index }) => expects[index]?.kind === "alert")) return;
  const { value, unread } = await ports.azure.alerts({ from: "api", subscriptions: [subscription] });
  if (unread[0])
    throw new UpstreamError(`Alerts can't be read in ${subscription.name}: ${unread[0].detail}`, {
      system: "azure",
      code: unread[0].why,
      retryable: false,
      // How long Azure asked to wait is not known here.
      ...(unread[0].why === "throttled" && { retryAfter: interval.most }),
    });
  await simulated(
    value.map(({ alert }) => alert),
    ports,
  );
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
