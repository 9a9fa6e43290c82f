import { checked, notExpected } from "../../domain/simulations/preflight.ts";
import type { CheckResult, Preflight } from "../../domain/simulations/simulation.ts";
import { type Plan, partsOf, type SimulationPorts } from "../parts.ts";
import { azureChecks } from "./azure-checks.ts";
import { clusterChecks } from "./cluster-checks.ts";

/**
 * Everything that is looked at before a run is asked for, and again before it begins: what forbids it, and what cannot
 * fire here. Changes nothing. What could not be read is "unknown", never a guess.
 * @throws UserError never; a scenario that is not there is a bug of the caller
 */
export async function preflight(
  ports: Pick<SimulationPorts, "azure" | "clusters" | "settings" | "definitions" | "clock">,
  plan: Plan,
): Promise<Preflight> {
  const parts = partsOf(plan, ports);
  if (!parts) throw new Error(`There is no scenario "${plan.scenario}" in src/scenarios/.`);
  const inCluster = clusterChecks(ports, plan, parts);
  // What may have to be called again comes first, alone.
  if (plan.cluster?.private) await inCluster;
  const [azure, cluster] = await Promise.all([azureChecks(ports, plan, parts), inCluster]);
  const depends = new Set<string>(parts.expects.flatMap((one) => one.depends));
  // What nothing expected here depends on would only distract whoever has to decide.
  const checks = joined(azure.checks, cluster.checks).filter(
    ({ name }) => !switches.includes(name) || depends.has(name),
  );
  return {
    at: ports.clock.now(),
    how: cluster.how,
    checks,
    unexpected: notExpected(parts.expects, checks, azure.suppressed),
  };
}

/** Checks of what only some expectations depend on; named as the dependencies are. */
const switches: readonly string[] = [
  "sensor",
  "helm-sensor",
  "policy-addon",
  "agentless-machines",
  "registry-access",
];

/** What the cluster itself says of its sensor weighs more than what its profile asks for; the profile fills the gap. */
function joined(azure: readonly CheckResult[], cluster: readonly CheckResult[]): CheckResult[] {
  const known = new Map(azure.map((check) => [check.name, check]));
  for (const check of cluster) {
    const before = known.get(check.name);
    if (before && isDoubtful(before, check))
      known.set(check.name, checked("helm-sensor", "unknown", check.said));
    else if (!before || check.state !== "unknown") known.set(check.name, check);
  }
  return [...known.values()];
}

/** Pods that look like the add-on's where Azure says Helm: the chart's labels in kube-system are not confirmed. */
function isDoubtful(azure: CheckResult, cluster: CheckResult): boolean {
  return azure.name === "helm-sensor" && azure.state === "ok" && cluster.state === "failed";
}

/** Names of the checks that keep the run from beginning, with what they said. */
export function blocking({ checks }: Pick<Preflight, "checks">): CheckResult[] {
  return checks.filter(({ blocks }) => blocks);
}
