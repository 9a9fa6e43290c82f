import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { problem } from "../client/problem.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import type { Graph, Row } from "../graph/graph.ts";
import type { QueryName } from "../graph/queries.ts";

/** The answer to one query about subscriptions. `errorOf`: why the rows of a subscription could not be read. */
export type Part = { query: QueryName; rows: Row[]; errorOf(id: string): UpstreamError | undefined };

/** Asks a query whose failure spoils only its own part of the answer. */
export async function part(
  graph: Graph,
  query: QueryName,
  asked: Subscription[],
  only?: string[],
): Promise<Part> {
  try {
    const { rows, failed } = await graph(query, asked, only);
    const errorOf = (id: string) =>
      failed.find(({ scope }) => !scope.subscriptions || scope.subscriptions.includes(id))?.error;
    return { query, rows, errorOf };
  } catch (error) {
    return { query, rows: [], errorOf: () => problem(error) };
  }
}

/** Of so many subscriptions without a row the permissions are read: the same question for each of an estate costs minutes. */
const mostAsked = 3;

/**
 * Subscription id → why "none" can't be believed of it. Resource Graph leaves out what it may not show: a subscription
 * without a row is asked for its permissions first; of many, the first few.
 * @param action shows the rows
 * @param what they are, as in "no standard is listed"
 */
export async function unsureOf(
  asked: readonly Subscription[],
  { rows, errorOf }: Pick<Part, "rows" | "errorOf">,
  { action, what }: { action: string; what: string },
  { denied }: Pick<GraphDeps, "denied">,
): Promise<Map<string, string>> {
  const listed = new Set(rows.map(subscriptionOf));
  const silent = asked.filter(({ id }) => !listed.has(id) && !errorOf(id));
  return new Map([
    ...(await denied(silent.slice(0, mostAsked), [action])).map(({ id, detail }) => [id, detail] as const),
    ...silent
      .slice(mostAsked)
      .map(({ id }) => [id, `no ${what} is listed, and ${action} was not checked here`] as const),
  ]);
}
