import type { ScenarioDefinition } from "../domain/simulations/scenario.ts";

/** Declares one simulation, as pure data and pure functions; the file's name is its name. */
export function scenario(definition: ScenarioDefinition): ScenarioDefinition {
  return definition;
}
