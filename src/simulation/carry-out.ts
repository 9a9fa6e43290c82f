import type { ScenarioStep } from "../definitions/scenario.ts";
import { marked, namespaceManifest } from "../domain/simulations/objects.ts";
import type { Run } from "../domain/simulations/simulation.ts";
import { enter } from "../domain/simulations/transitions.ts";
import { UpstreamError } from "../errors.ts";
import type { ClusterAccess } from "../simulation-ports.ts";
import { fail, move, secondsSince } from "./moving.ts";
import type { Parts, SimulationPorts } from "./parts.ts";
import { stepOf } from "./steps.ts";

/** Steps that have nothing to do in the cluster come before its objects: an image is imported before it is run. */
const outsideCluster: readonly ScenarioStep["kind"][] = ["import-image", "sample-alerts"];
const terminatingSeconds = 180;

/** One step of the attack: creates the objects where they are needed, then takes the steps one by one. */
export async function carryOut(run: Run, parts: Parts, ports: SimulationPorts): Promise<number | undefined> {
  const step = parts.steps[run.step];
  const access = run.cluster ? await ports.clusters.reach(run.cluster) : undefined;
  if (access && !run.applied && !(step && outsideCluster.includes(step.kind)))
    return create(run, parts, access, ports);
  if (step) return stepOf(run, parts, access, step, ports);
  const now = ports.clock.now();
  const ended = { started: run.started ?? now, finished: now, happened: true };
  return move(run, (one) => enter(one, "verifying", now, ended), ports);
}

/** Applying again changes nothing: killed before it is put down that all is there, it is simply done again. */
async function create(
  run: Run,
  { definition, about }: Parts,
  access: ClusterAccess,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const manifests = marked(definition.manifests(about), run, run.expires!);
  const waited = secondsSince(run.at.running, ports);
  if (manifests.length > 0) {
    const namespace = await access.namespace(run.namespace);
    if (namespace === "terminating") {
      if (waited > terminatingSeconds)
        return fail(run, "denied", `Namespace ${run.namespace}: Terminating`, ports);
      return 2;
    }
    try {
      if (namespace === "absent") await access.apply([namespaceManifest(run, run.expires!)]);
      await access.apply(manifests);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.retryable) throw error;
      // A new namespace has its default service account a moment later [Kubernetes, service account controller].
      if (waited < 30 && /service ?account/i.test(error.message)) return 1;
      return fail(run, "denied", error.message, ports);
    }
  }
  return move(
    run,
    (one) => ({ ...one, troubled: undefined, applied: true, stepSince: ports.clock.now() }),
    ports,
  );
}
