import type { Run } from "../../domain/simulations/simulation.ts";
import type { SimulationPorts } from "../parts.ts";
import { move } from "../transition.ts";

/** The step is over: the next one begins with a log of its own. */
export function stepDone(
  further: Run,
  more: Partial<Run>,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const next = { ...more, troubled: undefined, step: further.step + 1, reading: undefined };
  const since = ports.clock.now();
  return move(
    further,
    (one) =>
      one.step === further.step ? { ...withRead(one, further), ...next, stepSince: since } : undefined,
    ports,
  );
}

/** What was read from the cluster, on top of what others (the feed) changed meanwhile. */
export function withRead(one: Run, { log, logged, reading }: Run): Run {
  return { ...one, log, logged, reading };
}
