import type { ScenarioStep } from "../../domain/simulations/scenario.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { SimulationPorts } from "../parts.ts";
import { note, quietly, secondsSince } from "../transition.ts";
import { stepDone } from "./step-done.ts";

type SampleAlerts = Extract<ScenarioStep, { kind: "sample-alerts" }>;

/** Seconds for which sample alerts are looked for after an answer was lost: twice as long as they usually take. */
const longestWaitSeconds = 600;
/** Failures of the network before anything was sent. */
const notSent = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Asks Defender for its sample alerts, once: each request makes them anew, for everybody who receives alerts. That it is
 * asked is put down first; where the answer was lost, or its receiver died, the alerts themselves are waited for, and
 * only where none comes it is asked once more, which the report says.
 */
export async function sampleAlerts(
  run: Run,
  step: SampleAlerts,
  ports: SimulationPorts,
): Promise<number | undefined> {
  if (!run.started) return note(run, { started: ports.clock.now() }, ports);
  if (run.asked === undefined) return ask(run, step, {}, ports);
  // A second answer that was lost is none to wait for: the verdict tells.
  if (run.sightings.length > 0 || run.twice) return stepDone(run, {}, ports);
  const waitSeconds = Math.min(longestWaitSeconds, run.verifySeconds / 3);
  if (secondsSince(run.asked, ports) < waitSeconds) return Math.min(5, waitSeconds / 5);
  return ask(run, step, { twice: true }, ports);
}

async function ask(
  run: Run,
  { bundle }: SampleAlerts,
  more: Pick<Run, "twice">,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const asked = ports.clock.now();
  const noted = await quietly(run, (one) => ({ ...one, ...more, asked, troubled: undefined }), ports);
  if (!noted?.changed) return 0;
  try {
    await ports.azure.sampleAlerts(run.subscription.id, bundle);
  } catch (error) {
    if (error instanceof UpstreamError && !mayHaveCome(error))
      await quietly(run, (one) => ({ ...one, asked: run.asked, twice: run.twice }), ports);
    throw error;
  }
  return stepDone(noted.run, { asked: undefined }, ports);
}

/** True where Defender may have taken the request although no answer says so. */
function mayHaveCome({ status, code, message }: UpstreamError): boolean {
  // Without a token nothing was asked, whatever word the identity had for it.
  if (status === 0) return !notSent.test(code) && !message.startsWith("No token for Azure");
  // 503 and 429 are said at the door, before anything is done.
  return status === 408 || status === 500 || status === 502 || status === 504;
}
