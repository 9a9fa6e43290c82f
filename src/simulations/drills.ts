import { createHash } from "node:crypto";
import type { Read } from "../domain/reading/reading.ts";
import type { Drill } from "../domain/settings.ts";
import type { DrillRefused } from "../domain/simulations/events.ts";
import { allowedCluster } from "../domain/simulations/preflight.ts";
import type { Targets } from "../domain/simulations/simulation.ts";
import { targetsNamed } from "../domain/simulations/targets.ts";
import { enter } from "../domain/simulations/transitions.ts";
import { UpstreamError } from "../errors.ts";
import { sameText } from "../text/same-text.ts";
import { type Plan, partsOf, type SimulationPorts } from "./parts.ts";
import { requestRun, simulationJob } from "./request.ts";

type Refusal = Pick<DrillRefused, "why" | "said">;

/** What a drill is called: where its line is changed, it is another one. */
export function drillName({ cron, scenario, cluster, parameters }: Drill): string {
  const chosen = Object.entries(parameters ?? {}).map(([name, value]) => `${name}=${value}`);
  return [cron, scenario, cluster, ...chosen.sort()].join(" ");
}

/**
 * Starts the drill of a slot, with the preapproval that its line names, or reports why it does not. Called again for
 * the same slot it changes nothing: the run's id is made of drill and slot.
 */
export async function startDrill(drill: Drill, slot: string, ports: SimulationPorts): Promise<void> {
  const refused = await tryDrill(drill, slot, ports);
  if (!refused) return;
  const { scenario, cluster } = drill;
  const event: DrillRefused = { drill: drillName(drill), scenario, cluster, slot, ...refused };
  await ports.publish("drill-refused", [event]);
}

async function tryDrill(drill: Drill, slot: string, ports: SimulationPorts): Promise<Refusal | undefined> {
  const person = drill.approvedBy;
  if (!person) return { why: "no-approval", said: "" };
  const may = await ports.rights.may(person, "approver");
  if (!may.allowed) return { why: `approval-${may.cause ?? "lost"}`, said: person };
  const plan = await planOf(drill, ports);
  if ("why" in plan) return plan;
  const name = drillName(drill);
  const id = runIdOf(name, slot);
  const asked = {
    ...plan,
    reason: name,
    requester: person,
    channel: "",
    drill: { name, slot },
    id,
    // The check is the run's own: it may take minutes, and here the next drill waits.
    preflight: { at: slot, how: "none" as const, checks: [], unexpected: {} },
  };
  await requestRun(ports, asked);
  const now = ports.clock.now();
  await ports.store.runs.change(id, (run) => enter(run, "approved", now, { approver: person }));
  await ports.queue.enqueue(simulationJob, { run: id });
  return undefined;
}

function runIdOf(name: string, slot: string): string {
  return `r-${createHash("sha256").update(`${name}|${slot}`).digest("hex").slice(0, 10)}`;
}

async function planOf(drill: Drill, ports: SimulationPorts): Promise<Plan | Refusal> {
  const definition = ports.definitions.scenarios.get(drill.scenario);
  if (!definition) return { why: "no-scenario", said: drill.scenario };
  let read: Read<Targets>;
  try {
    read = await ports.azure.targets();
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { why: "not-read", said: error.message };
  }
  const { value: targets, unread } = read;
  const clusters = targetsNamed(drill.cluster, targets.clusters);
  const [cluster] = clusters;
  if (!cluster && unread.length > 0)
    return { why: "not-read", said: unread.map(({ id, name }) => name || id).join(", ") };
  if (!cluster || clusters.length > 1)
    return { why: "no-cluster", said: clusters.map(({ id }) => id).join(", ") || drill.cluster };
  if (!allowedCluster(cluster.name, ports.settings.simulations.clusters))
    return { why: "not-allowed", said: cluster.name };
  const parameters = drill.parameters ?? {};
  const registry = targets.registries.find(({ name }) => sameText(name, parameters.registry ?? ""));
  const missing = (definition.parameters ?? []).filter(
    ({ optional, name }) => !optional && !parameters[name],
  );
  if (missing.length > 0) return { why: "parameters", said: missing.map(({ name }) => name).join(", ") };
  if (parameters.registry && !registry) return { why: "parameters", said: parameters.registry };
  const { subscription } = registry ?? cluster;
  const plan: Plan = {
    scenario: drill.scenario,
    subscription,
    parameters,
    ...(definition.target !== "subscription" && { cluster }),
    ...(registry && { registry }),
  };
  return partsOf(plan, ports) ? plan : { why: "no-scenario", said: drill.scenario };
}
