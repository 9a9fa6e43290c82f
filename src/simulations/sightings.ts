import type { Alert, CausedBy } from "../domain/alerts/alert.ts";
import { judge, withSighting } from "../domain/simulations/proofs/judge.ts";
import { matchAlert, millisecondsOff, sightingOf } from "../domain/simulations/proofs/match.ts";
import type { Run, Sighting } from "../domain/simulations/simulation.ts";
import { attackedSince, isOver } from "../domain/simulations/transitions.ts";
import { announce } from "./announce.ts";
import { expectedOf, type Parts, partsOf, type SimulationPorts } from "./parts.ts";
import { simulationJob } from "./request.ts";

type FeedPorts = Pick<SimulationPorts, "store" | "publish" | "queue" | "clock" | "settings" | "definitions">;
/**
 * Which of these alerts a simulation caused. What is seen is put down in its run, whose verdict follows, also hours
 * after the report; an alert that comes twice counts once. Cheap where no run is watched.
 */
export async function simulated(
  alerts: readonly Alert[],
  ports: FeedPorts,
): Promise<ReadonlyMap<string, CausedBy>> {
  if (alerts.length === 0) return new Map();
  const { runs } = ports.store;
  const now = ports.clock.now();
  const claims = new Map(await runs.claims(alerts.map(({ id }) => id)));
  // The youngest first: where two are as near in time, the one that ran last caused it.
  const watched = (await runs.watched(now))
    .flatMap((run) => {
      const parts = partsOf(run, ports);
      return parts ? [{ run, parts, expected: expectedOf(parts) }] : [];
    })
    .sort((a, b) => (attackedSince(b.run) ?? "").localeCompare(attackedSince(a.run) ?? ""));
  const byRun = new Map(watched.map((one) => [one, [] as Sighting[]]));
  for (const alert of alerts) {
    const claim = claims.get(alert.id);
    const fits = watched.flatMap((one) => {
      const match =
        !claim || claim.run === one.run.id ? matchAlert(alert, one.run, one.expected, now) : undefined;
      return match ? [{ one, match, off: millisecondsOff(alert, one.run, now) ?? 0 }] : [];
    });
    const [best] = fits.sort((a, b) => a.off - b.off);
    if (!best) continue;
    byRun.get(best.one)!.push(sightingOf(alert, best.match, now));
    // A row names neither namespace nor pod: what was only likely may be certain by the alert's details.
    if (claim && (!claim.likely || best.match.likely)) continue;
    const { id, scenario, channel } = best.one.run;
    const caused: CausedBy = {
      run: id,
      scenario,
      ...(best.match.likely ? { likely: true } : channel && { thread: channel }),
    };
    claims.set(alert.id, caused);
    await runs.claim(alert.id, caused);
  }
  for (const [{ run, parts }, sightings] of byRun)
    if (sightings.length > 0) await record(run, parts, sightings, ports);
  return claims;
}

async function record(
  run: Run,
  parts: Parts,
  sightings: readonly Sighting[],
  ports: FeedPorts,
): Promise<void> {
  const recorded = await ports.store.runs.change(run.id, (one) => withSightings(one, parts, sightings));
  if (!recorded) return;
  // Announced again where nothing changed too: the process that recorded it may have died before.
  await announce(recorded.run, ports);
  if (!isOver(recorded.run)) await ports.queue.enqueue(simulationJob, { run: run.id }, { wake: true });
}

/** The run with these sightings and the verdicts that follow; undefined where it had them already. */
export function withSightings(
  run: Run,
  { expects }: Pick<Parts, "expects">,
  sightings: readonly Sighting[],
): Run | undefined {
  const seen = sightings.reduce(withSighting, run);
  return seen === run ? undefined : { ...seen, verdicts: judge(expects, seen) };
}
