import { findAlertType } from "../../catalogue/alert-types/alert-types.ts";
import type { KnownAlertType } from "../../catalogue/alert-types/known-alert-type.ts";
import { findRecommendation } from "../../catalogue/find-recommendation.ts";
import type { KnownRecommendation } from "../../catalogue/known-recommendation.ts";
import { type Expectation, exampleRun, forRun, type ScenarioDefinition } from "../scenario.ts";

type Scenarios = ReadonlyMap<string, ScenarioDefinition>;

/** The entry of the catalogue for what a scenario expects; undefined for what is no alert, or none that is known. */
export function expectedAlertType(expected: Expectation): KnownAlertType | undefined {
  return expected.kind === "alert" ? findAlertType(...expected.types, ...expected.titles) : undefined;
}

/** The scenarios that should make Defender report this alert type, the one that expects the least first. */
export function scenariosForAlert(known: KnownAlertType, scenarios: Scenarios): string[] {
  return scenariosWhere(scenarios, (one) => expectedAlertType(one) === known);
}

/** The scenarios after which Defender should assess this recommendation as unhealthy. */
export function scenariosForRecommendation(known: KnownRecommendation, scenarios: Scenarios): string[] {
  return scenariosWhere(scenarios, (one) => {
    if (one.kind === "finding") return known.type === "vulnerability";
    if (one.kind !== "recommendation") return false;
    return findRecommendation({ key: "", policy: "", title: one.title, category: "" }) === known;
  });
}

function scenariosWhere(scenarios: Scenarios, fits: (one: Expectation) => boolean): string[] {
  return [...scenarios]
    .map(([name, definition]) => ({ name, expects: forRun(definition.expects, exampleRun) }))
    .filter(({ expects }) => expects.some(fits))
    .sort((a, b) => a.expects.length - b.expects.length)
    .map(({ name }) => name);
}
