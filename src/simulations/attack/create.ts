import { marked, namespaceManifest } from "../../domain/simulations/objects.ts";
import { isMissingRight } from "../../domain/simulations/refusals.ts";
import type { Manifest } from "../../domain/simulations/scenario.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess } from "../../ports/clusters.ts";
import type { Parts, SimulationPorts } from "../parts.ts";
import { fail, secondsSince } from "../transition.ts";

/** Seconds for which a namespace that is terminating, or an account that is not there yet, is waited for. */
const retrySeconds = 180;
const pollSeconds = 2;
/** A new namespace has its default service account a moment later, minutes later after an outage [ServiceAccount admission]. */
const missingAccount = /error looking up service account|serviceaccounts? "[^"]*" not found/i;

/** The manifests of a run that are applied at its beginning, and those that a step of kind `create` holds back. */
export function manifestsOf({ definition, about, steps }: Parts): { first: Manifest[]; held: Manifest[] } {
  const names = new Set(
    steps
      .flatMap((step) => (step.kind === "create" ? step.objects : []))
      .map(({ kind, name }) => `${kind} ${name}`),
  );
  const groups = Object.groupBy(definition.manifests(about), ({ kind, metadata }) =>
    names.has(`${kind} ${metadata.name}`) ? "held" : "first",
  );
  return { first: groups.first ?? [], held: groups.held ?? [] };
}

/**
 * Applies objects of a run, and their namespace where there is none. Applying again changes nothing: killed before it is
 * put down that all is there, it is simply done again.
 * @param since ISO time since when they are wanted
 * @returns undefined once they are there; else when to call again, or that the run has ended
 */
export async function create(
  run: Run,
  manifests: readonly Manifest[],
  since: string | undefined,
  access: ClusterAccess,
  ports: SimulationPorts,
): Promise<{ next: number | undefined } | undefined> {
  if (manifests.length === 0) return undefined;
  const waits = secondsSince(since, ports) <= retrySeconds;
  const namespace = await access.namespace(run.namespace);
  if (namespace === "terminating") {
    if (waits) return { next: pollSeconds };
    return { next: await fail(run, "denied", await access.whyTerminating(run.namespace), ports) };
  }
  try {
    if (namespace === "absent") await access.apply([namespaceManifest(run, run.expires!)]);
    await access.apply(marked(manifests, run, run.expires!));
    return undefined;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable || isMissingRight(error)) throw error;
    if (waits && missingAccount.test(error.message)) return { next: pollSeconds };
    return { next: await fail(run, "denied", error.message, ports) };
  }
}
