import { findAlertType } from "../../catalogue/alert-types/alert-types.ts";
import { type Technique, techniques } from "../../catalogue/threat-matrix.ts";
import { exampleRun, forRun, type ScenarioDefinition } from "../scenario.ts";
import type { Run } from "../simulation.ts";
import { expectedAlertType } from "./proofs.ts";

/** What the latest run that could prove a technique on a cluster showed. */
export type Proof = {
  state: "proven" | "missed";
  /** Name and resource id. */
  cluster: string;
  clusterId: string;
  subscription: string;
  /** ISO: of the detection, or of the attack that wasn't detected. */
  at: string;
  run: string;
  scenario: string;
  /** The alert that came, or was expected. */
  alert: string;
};

/** One technique of the matrix; `scenarios`: those that should provoke an alert about it. */
export type TechniqueProofs = { technique: Technique; scenarios: string[]; proofs: Proof[] };

/**
 * The last proof of detection of every technique, for each cluster where a run tried: of several runs the newest counts.
 * Sample alerts prove nothing, nor do alerts that only look like the run's; what was not expected on a cluster says nothing.
 */
export function attackProofs(
  runs: readonly Run[],
  scenarios: ReadonlyMap<string, ScenarioDefinition>,
): TechniqueProofs[] {
  const newest = new Map<string, Map<string, Proof>>();
  const ordered = runs.toSorted((a, b) => (b.started ?? "").localeCompare(a.started ?? ""));
  for (const { technique, proof } of ordered.flatMap(proofsOf)) {
    const byCluster = newest.get(technique) ?? new Map<string, Proof>();
    newest.set(technique, byCluster);
    const key = proof.clusterId.toLowerCase();
    const known = byCluster.get(key);
    // Of one run that expects several alerts about a technique, one that came is proof enough.
    if (!known || (known.run === proof.run && known.state === "missed")) byCluster.set(key, proof);
  }
  const simulated = simulatedTechniques(scenarios);
  return techniques.map((technique) => ({
    technique,
    scenarios: simulated.get(technique.id) ?? [],
    proofs: [...(newest.get(technique.id)?.values() ?? [])].sort((a, b) => b.at.localeCompare(a.at)),
  }));
}

function proofsOf(run: Run): { technique: string; proof: Proof }[] {
  const { cluster, started } = run;
  if (!cluster || !started) return [];
  const about = {
    cluster: cluster.name,
    clusterId: cluster.id,
    subscription: cluster.subscription.name,
    run: run.id,
    scenario: run.scenario,
  };
  const seen = run.sightings
    .filter(({ likely }) => !likely)
    .flatMap(({ type, title, generated, seen: at }) =>
      (findAlertType(type, title)?.techniques ?? []).map((technique) => ({
        technique,
        proof: { ...about, state: "proven" as const, at: generated ?? at, alert: title },
      })),
    );
  const missed = run.verdicts
    .filter(({ verdict }) => verdict === "missing")
    .flatMap(({ title }) =>
      (findAlertType(title.en)?.techniques ?? []).map((technique) => ({
        technique,
        proof: { ...about, state: "missed" as const, at: started, alert: title.en },
      })),
    );
  return [...seen, ...missed];
}

/** Technique id → the scenarios that should provoke an alert about it. */
function simulatedTechniques(scenarios: ReadonlyMap<string, ScenarioDefinition>): Map<string, string[]> {
  const pairs = [...scenarios].flatMap(([name, definition]) =>
    forRun(definition.expects, exampleRun)
      .flatMap((one) => expectedAlertType(one)?.techniques ?? [])
      .map((technique) => ({ technique, name })),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ technique }) => technique)].map(([technique, some]) => [
      technique,
      [...new Set(some.map(({ name }) => name))],
    ]),
  );
}
