import { globMatches, inScope, type Located, type Scope, scopeText } from "../scope/scope.ts";
import type { ExemptionPlan, InForce, RuleCondition } from "./exemptions.ts";

/** One place of the estate that a suppression or exemption is for. */
export type Target = {
  subscription: { id: string; name: string };
  /** Exactly this place. */
  scope: Scope;
  /** The resource id of the place. */
  place: string;
  conditions: RuleCondition[];
};
type Resource = Located & { id: string; name: string };

// Published examples name entities by their type and property, `entities.ip.address` [alertsSuppressionRules
// 2019-01-01-preview]; an Azure resource is an entity of type `azure-resource` with `resourceId` [alert entities].
const resourceField = "entities.azure-resource.resourceId";

/** The places that a scope names, each once. */
export function targetsOf(
  { kind, pattern }: Scope,
  estate: {
    subscriptions: readonly { id: string; name: string }[];
    clusters: readonly Resource[];
    registries: readonly Resource[];
  },
): Target[] {
  const wanted = (one: Scope["kind"]) => kind === "any" || kind === one;
  const fits = (...names: string[]) => names.some((name) => globMatches(pattern, name));
  const resources = (of: "cluster" | "registry", all: readonly Resource[]): Target[] =>
    wanted(of) ? all.filter(({ id, name }) => fits(id, name)).map((one) => resourceTarget(of, one)) : [];
  const all = [...estate.clusters, ...estate.registries];
  const targets = [
    ...resources("cluster", estate.clusters),
    ...resources("registry", estate.registries),
    ...(wanted("rg") ? all.filter((one) => one.resourceGroup).map(groupTarget) : []).filter((one) =>
      fits(one.scope.pattern, one.place),
    ),
    ...(wanted("sub") ? estate.subscriptions.filter(({ id, name }) => fits(id, name)) : []).map(whole),
  ];
  return [...new Map(targets.map((one) => [one.place.toLowerCase(), one])).values()];
}

/** The scope that names the place of an exemption alone: others may have the same name. */
export function exactScope({
  scope,
  subscription,
  conditions,
  resource,
}: Pick<ExemptionPlan, "scope" | "subscription" | "conditions" | "resource">): Scope {
  if (scope.kind === "sub") return scope;
  const above = resource.slice(0, resource.lastIndexOf("/providers/"));
  const group = `/subscriptions/${subscription.id}/resourceGroups/${scope.pattern}`;
  const pattern = scope.kind === "rg" ? group : (conditions[0]?.in?.[0] ?? above);
  return { ...scope, pattern };
}

/** Names the target alone: all but a subscription by its resource id, which a scope may be. */
export function targetName({ scope, subscription, place }: Target): string {
  return scope.kind === "sub" ? `${scopeText(scope)} (${subscription.name})` : place;
}

function resourceTarget(kind: "cluster" | "registry", { id, name, subscription }: Resource): Target {
  const conditions = [{ field: resourceField, in: [id] }];
  return { subscription, scope: { kind, pattern: name }, place: id, conditions };
}

function groupTarget({ subscription, resourceGroup = "" }: Resource): Target {
  return {
    subscription,
    scope: { kind: "rg", pattern: resourceGroup },
    place: `/subscriptions/${subscription.id}/resourceGroups/${resourceGroup}`,
    conditions: [{ field: resourceField, contains: `/resourceGroups/${resourceGroup}/` }],
  };
}

function whole({ id, name }: { id: string; name: string }): Target {
  return {
    subscription: { id, name },
    scope: { kind: "sub", pattern: id },
    place: `/subscriptions/${id}`,
    conditions: [],
  };
}

/**
 * False where what is in force is known to hold elsewhere only.
 * @param estate the clusters and registries; one of the scope may lie in a resource group that is exempt
 */
export function mayHoldIn({ places }: Pick<InForce, "places">, scope: Scope, estate: readonly Located[]) {
  if (!places) return true;
  const groupOf = ({ subscription, resourceGroup = "" }: Located) =>
    `${subscription.id} ${resourceGroup}`.toLowerCase();
  const groups = new Set(estate.filter((one) => inScope(one, scope)).map(groupOf));
  return places.some(
    (place) => inScope(place, scope) || (!place.cluster && !place.registry && groups.has(groupOf(place))),
  );
}
