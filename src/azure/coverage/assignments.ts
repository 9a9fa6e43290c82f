import type { Provisioning } from "../../domain/coverage/coverage.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Client } from "../client/client.ts";
import { each } from "../client/each.ts";
import { field } from "../fields.ts";
import type { Row } from "../graph/graph.ts";
import { problem } from "../client/problem.ts";
import { readProvisioning } from "./read-coverage.ts";

/** Assignments that hold for a subscription, or why nobody knows. */
export type Assigned = { rows: Row[] } | { error: UpstreamError };

/**
 * By subscription. Resource Graph tells the assignments that are made at a subscription; where those do not deploy both
 * sensor and add-on, the subscription itself is asked, which tells those of its management groups too
 * [policyAssignments 2023-04-01, atScope()].
 */
export async function assignmentsAbove(
  client: Client,
  subscriptions: readonly string[],
  rowsOf: (id: string) => Row[],
): Promise<Map<string, Assigned>> {
  const lacking = subscriptions.filter((id) => {
    const kinds = rowsOf(id).map((row) => readProvisioning(row)?.kind);
    return (["sensor", "policy-addon"] satisfies Provisioning["kind"][]).some(
      (kind) => !kinds.includes(kind),
    );
  });
  return new Map(
    await each(lacking, async (id): Promise<[string, Assigned]> => {
      try {
        const path = `/subscriptions/${id}/providers/Microsoft.Authorization/policyAssignments`;
        return [id, { rows: (await client.list(path, "2023-04-01", "atScope()")).map(asRow) }];
      } catch (error) {
        const known = problem(error);
        return [id, known.status === 404 ? { rows: rowsOf(id) } : { error: known }];
      }
    }),
  );
}

/** As `queries/provisioning.kql` has it. */
function asRow(assignment: unknown): Row {
  const properties = field(assignment, "properties");
  return {
    id: field(assignment, "id"),
    name: field(assignment, "name"),
    definition: field(properties, "policyDefinitionId"),
    displayName: field(properties, "displayName"),
    parameters: field(properties, "parameters"),
  };
}
