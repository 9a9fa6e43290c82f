import {
  expiresAnnotation,
  marked,
  namespaceManifest,
  rehearsed,
  runLabel,
} from "../../domain/simulations/objects.ts";
import { checked, judgeNodes } from "../../domain/simulations/preflight.ts";
import type { CheckResult, Preflight } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess } from "../../ports/clusters.ts";
import { listed } from "../../text/listed.ts";
import { commandRuns, together } from "../command-journal.ts";
import type { Parts, Plan, SimulationPorts } from "../parts.ts";

/** What every run in a cluster needs beside the permissions of its scenario, and those of clean-up. */
const always = [{ apiGroup: "", resource: "namespaces", verbs: ["create"] }] as const;

/** The time to live of objects that are only tried: the same at each call, as a trial may have to be asked for again. */
const anyTime = "2000-01-01T00:00:00.000Z";

/** What the cluster itself says: reachable, nodes and sensor, rights, and a dry run of every object. */
export async function clusterChecks(
  { clusters }: Pick<SimulationPorts, "clusters">,
  { cluster, parameters }: Plan,
  parts: Parts,
): Promise<{ checks: CheckResult[]; how: Preflight["how"] }> {
  if (!cluster) return { checks: [], how: "none" };
  let access: ClusterAccess;
  try {
    access = await clusters.reach(cluster);
  } catch (error) {
    if (commandRuns(error) !== undefined) throw error;
    return { checks: [checked("reachable", "failed", words(error))], how: "none" };
  }
  const checks = await together([
    said("nodes", async () => judgeNodes(await access.nodes(), parameters.node)),
    said("rights", () => rights(access, parts)),
    said("admission", () => admission(access, parts)),
    said("leftovers", () => leftovers(access, parts)),
  ]);
  return { checks: [checked("reachable", "ok", access.how), ...checks.flat()], how: access.how };
}

async function rights(access: ClusterAccess, { definition, about }: Parts): Promise<CheckResult[]> {
  const refused = await access.refusedRights([...always, ...definition.rights], about.namespace);
  const named = refused.map(({ right, why }) => (why ? `${right} (${why})` : right)).slice(0, 10);
  return [checked("rights", refused.length > 0 ? "failed" : "ok", named.join("; "))];
}

async function admission(access: ClusterAccess, { definition, about }: Parts): Promise<CheckResult[]> {
  const objects = marked(definition.manifests(about), about, anyTime);
  // Where the namespace is not there, it is what the run creates first.
  const absent = objects.length > 0 && (await access.namespace(about.namespace)) === "absent";
  const refused = await access.dryRun([
    ...(absent ? [namespaceManifest(about, anyTime)] : []),
    ...rehearsed(objects),
  ]);
  const named = refused.map(({ object, said }) => `${object}: ${said}`).slice(0, 5);
  return [checked("admission", refused.length > 0 ? "failed" : "ok", named.join("\n"))];
}

/**
 * A namespace that is being deleted is waited for when the run begins; it is only named here. One that the run creates
 * stays where it can't be seen that nothing of others is in it.
 */
async function leftovers(access: ClusterAccess, { about }: Parts): Promise<CheckResult[]> {
  const namespace = await access.namespace(about.namespace);
  const objects = (await access.labelled()).filter(
    ({ run, kind }) => run !== about.id && kind !== "Namespace",
  );
  const named = [
    ...(namespace === "terminating" ? [await access.whyTerminating(about.namespace)] : []),
    ...objects
      .slice(0, 5)
      .map(({ kind, name, run, expires }) =>
        [`${kind} ${name}: ${runLabel}=${run}`, expires && `${expiresAnnotation}=${expires}`]
          .filter(Boolean)
          .join(", "),
      ),
  ];
  const left = checked("leftovers", named.length > 0 ? "warning" : "ok", named.join("; "));
  if (namespace !== "absent") return [left];
  const hidden = await access.unlistable(about.namespace);
  const kinds = listed(hidden, 5);
  return [left, checked("namespace", hidden.length > 0 ? "warning" : "ok", kinds && `list ${kinds}`)];
}

/** A check that could not be made is unknown, in the far side's words. */
async function said(name: CheckResult["name"], check: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await check();
  } catch (error) {
    if (commandRuns(error) !== undefined) throw error;
    return [checked(name, "unknown", words(error))];
  }
}

/** The words of a far side that refused or failed; anything else is a bug. */
export function words(error: unknown): string {
  if (!(error instanceof UpstreamError)) throw error;
  return error.message;
}
