import type { Provisioning } from "../../domain/coverage/coverage.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { problem } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import { subscriptionOf } from "../graph/from-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { readProvisioning } from "./read-coverage.ts";

/** Assignments that hold for a subscription, or why that is unknown. */
export type Assigned = { rows: unknown[] } | { error: UpstreamError };

/**
 * By subscription. Resource Graph tells the assignments that are made at a subscription; where those do not deploy both
 * sensor and add-on, the subscription itself is asked, which tells those of its management groups too
 * [policyAssignments 2023-04-01, atScope()]. Of subscriptions below the same groups one answers for all.
 */
export async function assignmentsAbove(
  client: Client,
  graph: Graph,
  subscriptions: readonly Subscription[],
  rowsOf: (id: string) => unknown[],
): Promise<Map<string, Assigned>> {
  const lacking = subscriptions.filter(({ id }) => {
    const kinds = rowsOf(id).map((row) => readProvisioning(row)?.kind);
    return (["sensor", "policy-addon"] satisfies Provisioning["kind"][]).some(
      (kind) => !kinds.includes(kind),
    );
  });
  const groups = await groupsAbove(graph, lacking);
  const alike = [...Map.groupBy(lacking, ({ id }) => groups.get(id)?.join() ?? id).values()];
  const answers = await each(alike, (some) => askOneFor(client, some, groups, rowsOf));
  return new Map(answers.flat());
}

/** The management groups above each subscription, in lower case; nothing of those that Resource Graph does not place. */
async function groupsAbove(
  graph: Graph,
  subscriptions: readonly Subscription[],
): Promise<Map<string, string[]>> {
  if (subscriptions.length < 2) return new Map();
  const only = subscriptions.map(({ id }) => id);
  const { rows } = await graph("management-groups", subscriptions, only).catch(() => ({ rows: [] }));
  const chains = rows.map((row): [string, string[]] => {
    const names = list(field(row, "above")).map((group) => text(field(group, "name"), 200).toLowerCase());
    return [subscriptionOf(row), names.filter(Boolean)];
  });
  return new Map(chains.filter(([, names]) => names.length > 0));
}

/** Asks subscriptions below the same management groups until one answers, and takes over what it says of those. */
async function askOneFor(
  client: Client,
  alike: readonly Subscription[],
  groups: ReadonlyMap<string, readonly string[]>,
  rowsOf: (id: string) => unknown[],
): Promise<[string, Assigned][]> {
  const answers: [string, Assigned][] = [];
  for (const [index, { id }] of alike.entries()) {
    try {
      const path = `/subscriptions/${id}/providers/Microsoft.Authorization/policyAssignments`;
      const assigned = await client.list(path, "2023-04-01", "atScope()");
      const shared = assigned.filter((one) => !/^\/subscriptions\//i.test(text(field(one, "id"), 2000)));
      const holding = (of: string, some: readonly unknown[]) => {
        const scopes = [`/subscriptions/${of}`, ...(groups.get(of) ?? []).map(groupId)];
        return some.filter((assignment) => !excludes(assignment, scopes)).map(asRow);
      };
      const others = alike
        .slice(index + 1)
        .map((one): [string, Assigned] => [
          one.id,
          { rows: [...rowsOf(one.id), ...holding(one.id, shared)] },
        ]);
      return [...answers, [id, { rows: holding(id, assigned) }], ...others];
    } catch (error) {
      const known = problem(error);
      answers.push([id, known.status === 404 ? { rows: rowsOf(id) } : { error: known }]);
    }
  }
  return answers;
}

function groupId(name: string): string {
  return `/providers/microsoft.management/managementgroups/${name}`;
}

/** True where an assignment leaves one of the scopes out [policyAssignments 2023-04-01, notScopes]. */
export function excludes(assignment: unknown, scopes: readonly string[]): boolean {
  const left = list(field(assignment, "properties", "notScopes")).map((one) => text(one, 2000).toLowerCase());
  return left.some((one) => scopes.includes(one));
}

/** As `queries/provisioning.kql` has it. */
function asRow(assignment: unknown): unknown {
  const properties = field(assignment, "properties");
  return {
    id: field(assignment, "id"),
    name: field(assignment, "name"),
    definition: field(properties, "policyDefinitionId"),
    displayName: field(properties, "displayName"),
    parameters: field(properties, "parameters"),
    enforcementMode: field(properties, "enforcementMode"),
  };
}
