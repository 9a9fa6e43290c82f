import type { Settings } from "../../domain/settings.ts";
import type { Subscription } from "../../ports/azure.ts";

/** What one query of Resource Graph is asked about; neither list: everything that the credential can read. */
export type GraphScope = { subscriptions?: string[]; managementGroups?: string[] };

/** "Group subscriptions by less than 300 a query" [Resource Graph docs, large tenants]. */
const mostSubscriptions = 290;
/** [Resource Graph docs, query scope: up to 10 management groups]. */
const mostManagementGroups = 10;

/**
 * The scopes that cover what is asked. Nothing configured is one query without a list, whatever the number of
 * subscriptions. `only`: just these of them. `listed`: Resource Graph said that there are too many for one query.
 */
export function graphScopes(
  scope: Settings["scope"],
  subscriptions: readonly Subscription[],
  options: { only?: readonly string[]; listed?: boolean } = {},
): GraphScope[] {
  const { only, listed = false } = options;
  if (!only && !listed && scope.subscriptions.length === 0) {
    if (scope.managementGroups.length === 0) return [{}];
    return groups(scope.managementGroups, mostManagementGroups).map((managementGroups) => ({
      managementGroups,
    }));
  }
  const ids = only ?? subscriptions.map(({ id }) => id);
  return groups(ids, mostSubscriptions).map((subscriptions) => ({ subscriptions }));
}

function groups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
