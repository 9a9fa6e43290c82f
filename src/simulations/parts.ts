import type { Ports } from "../definitions/ports.ts";
import type { Settings } from "../domain/settings.ts";
import type { Expected } from "../domain/simulations/proofs/match.ts";
import type {
  Expectation,
  ScenarioDefinition,
  ScenarioRun,
  ScenarioStep,
  UndoStep,
} from "../domain/simulations/scenario.ts";
import { forRun } from "../domain/simulations/scenario.ts";
import type { ClusterRef, RegistryRef, Run, RunParameters } from "../domain/simulations/simulation.ts";

/** What simulations use of the ports. */
export type SimulationPorts = Pick<
  Ports,
  | "azure"
  | "readings"
  | "clusters"
  | "store"
  | "publish"
  | "queue"
  | "rights"
  | "clock"
  | "log"
  | "metrics"
  | "settings"
  | "definitions"
>;

/** What a run is to be, before it is one. */
export type Plan = {
  scenario: string;
  cluster?: ClusterRef;
  registry?: RegistryRef;
  subscription: { id: string; name: string };
  parameters: RunParameters;
};

/** A scenario as it is for one run. */
export type Parts = {
  definition: ScenarioDefinition;
  about: ScenarioRun;
  steps: readonly ScenarioStep[];
  expects: readonly Expectation[];
  undo: readonly UndoStep[];
};

/** The scenario of a run (or of what is to be one); undefined where this version has none of that name. */
export function partsOf(
  plan: Plan & { id?: string; namespace?: string },
  { definitions, settings }: { definitions: Pick<Ports["definitions"], "scenarios">; settings: Settings },
): Parts | undefined {
  const definition = definitions.scenarios.get(plan.scenario);
  if (!definition) return undefined;
  const about: ScenarioRun = {
    id: plan.id ?? "r-preflight",
    cluster: plan.cluster?.name ?? "",
    namespace: plan.namespace ?? settings.simulations.namespace,
    images: settings.simulations.images,
    parameters: plan.parameters,
    ...(plan.registry && { loginServer: plan.registry.loginServer }),
  };
  return {
    definition,
    about,
    steps: forRun(definition.steps, about),
    expects: forRun(definition.expects, about),
    undo: definition.undoSteps ? forRun(definition.undoSteps, about) : [],
  };
}

/** What alerts of a run are matched by. */
export function expectedOf({ definition, about, steps, expects }: Parts): Expected {
  return {
    expects,
    objects: definition.manifests(about).map(({ metadata }) => metadata.name),
    samples: steps.some(({ kind }) => kind === "sample-alerts"),
  };
}

/** How long to wait for what is expected, in seconds: the scenario's own time is for what takes longer than any alert. */
export function verifySeconds(definition: ScenarioDefinition, settings: Settings): number {
  const { verifyMinutes } = settings.simulations;
  return Math.round(Math.max(definition.verifyMinutes ?? verifyMinutes, 0) * 60_000) / 1000;
}

/** ISO time at which what the run creates must be gone, whatever happens. */
export function expiryOf(run: Run, definition: ScenarioDefinition, now: string): string {
  const stays = definition.cleanUp === "after-verdict" ? run.verifySeconds : 0;
  // Half an hour more, for the clean-up itself and a bot that was away.
  const seconds = Math.max(stays, definition.minutes * 60) + 1800;
  return new Date(Date.parse(now) + seconds * 1000).toISOString();
}
