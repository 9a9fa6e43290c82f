import { type Estate, newAlert, type Resource } from "../estate/estate.ts";
import { azureTime, guid } from "../estate/identifiers.ts";
import type { Raised } from "./expected.ts";

/** An alert on its way: what, where, and when it happened. */
export type Sighted = {
  raised: Raised;
  resource: Resource;
  namespace?: string;
  entities: unknown[];
  facts: Record<string, string>;
  happened: Date;
};
export type Elsewhere = { cluster?: Resource; namespace?: string };

/** Puts an alert into the estate, dismissed where a suppression rule says so. `now` is when Azure has it. */
export function publish(estate: Estate, now: Date, sighted: Sighted, elsewhere: Elsewhere = {}) {
  const { raised, entities, facts, happened } = sighted;
  const resource = elsewhere.cluster ?? sighted.resource;
  newAlert(estate, {
    at: now,
    cluster: resource,
    alertType: raised.type,
    title: raised.title,
    severity: raised.severity,
    namespace: elsewhere.namespace ?? sighted.namespace ?? "",
    workload: facts["Container name"] ?? "",
    correlationKey: guid(`${resource.id} ${raised.type} ${happened.toISOString()}`),
    status: isSuppressed(estate, resource, raised.type, entities) ? "Dismissed" : "Active",
    properties: {
      startTimeUtc: azureTime(happened),
      endTimeUtc: azureTime(happened),
      entities,
      extendedProperties: facts,
    },
  });
}

function isSuppressed(
  estate: Estate,
  resource: Resource,
  type: string,
  entities: readonly unknown[],
): boolean {
  const subscription = `/subscriptions/${resource.id.split("/")[2]?.toLowerCase()}/`;
  return estate.suppressionRules.some(
    ({ id, properties }) =>
      id.toLowerCase().includes(subscription) &&
      String(properties.alertType).toLowerCase() === type.toLowerCase() &&
      properties.state !== "Disabled" &&
      conditionsOf(properties).every((one) => meets(entities, one)),
  );
}

type Condition = { field: string; in?: string[]; contains?: string };

const conditionsOf = ({ suppressionAlertsScope: scope }: Resource["properties"]): Condition[] =>
  (scope as { allOf: Condition[] } | undefined)?.allOf ?? [];

/** `entities.process.commandline`: of any entity of that type [alertsSuppressionRules 2019-01-01-preview]. */
function meets(entities: readonly unknown[], { field, in: values, contains }: Condition): boolean {
  const [, type, name] = field.toLowerCase().split(".");
  const said = (entities as Record<string, unknown>[])
    // An Azure resource is an entity inside another one.
    .flatMap((entity) => [entity, ...Object.values(entity).filter((one) => one instanceof Object)])
    .map((entity) => entity as Record<string, unknown>)
    .filter((entity) => String(entity.type).toLowerCase() === type)
    .flatMap((entity) => Object.entries(entity).filter(([key]) => key.toLowerCase() === name))
    .map(([, value]) => String(value));
  return said.some(
    (value) => values?.includes(value) || (contains !== undefined && value.includes(contains)),
  );
}
