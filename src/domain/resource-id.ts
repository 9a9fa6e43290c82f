/** The parts of an Azure resource id that Breakwater uses; names keep their letter case. */
export type ResourceId = {
  id: string;
  subscription: string;
  resourceGroup?: string;
  /** Lower case, for example `microsoft.containerservice/managedclusters`. */
  type: string;
  name: string;
};

/** Takes a resource id apart; undefined where it is not one. Ids come in mixed letter case [facts, Resource Graph]. */
export function readResourceId(id: string): ResourceId | undefined {
  const match = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?(?:\/providers\/(.+))?$/i.exec(
    id.trim(),
  );
  if (!match) return undefined;
  const [, subscription = "", resourceGroup, rest] = match;
  const segments = rest?.split("/") ?? [];
  const types = segments.filter((_, index) => index === 0 || index % 2 === 1);
  const fallback = resourceGroup ? "microsoft.resources/resourcegroups" : "microsoft.resources/subscriptions";
  return {
    id,
    subscription: subscription.toLowerCase(),
    resourceGroup,
    type: rest ? types.join("/").toLowerCase() : fallback,
    name: (rest ? segments.at(-1) : (resourceGroup ?? subscription)) ?? "",
  };
}

/** The name after the first segment of these types, wherever in the id that is: `managedClusters` → `aks-demo`. */
export function nameWithin(id: string, ...types: readonly string[]): string | undefined {
  const wanted = types.map((type) => type.toLowerCase());
  const segments = id.split("/");
  const at = segments.findIndex(
    (one, index) => index > 0 && segments[index + 1] && wanted.includes(one.toLowerCase()),
  );
  return at < 0 ? undefined : segments[at + 1];
}
