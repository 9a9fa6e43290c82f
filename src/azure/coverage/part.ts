import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { problem } from "../client/problem.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import type { Graph, GraphOptions, Row } from "../graph/graph.ts";
import type { QueryName } from "../graph/queries.ts";

/** The answer to one query about subscriptions. `errorOf`: why the rows of a subscription could not be read. */
export type Part = { query: QueryName; rows: Row[]; errorOf(id: string): UpstreamError | undefined };

/** Asks a query whose failure spoils only its own part of the answer. */
export async function part(
  graph: Graph,
  query: QueryName,
  asked: Subscription[],
  only?: string[],
  options?: GraphOptions,
): Promise<Part> {
  try {
    const { rows, failed } = await graph(query, asked, only, options);
    const errorOf = (id: string) =>
      failed.find(({ scope }) => !scope.subscriptions || scope.subscriptions.includes(id))?.error;
    return { query, rows, errorOf };
  } catch (error) {
    return { query, rows: [], errorOf: () => problem(error) };
  }
}

/** The permissions of so many subscriptions are read: the same question for each of an estate costs minutes. */
const mostAsked = 3;

/**
 * Subscription id → why what is not listed of it can't be called absent. Resource Graph leaves out without a word what
 * the bot has no permission to see: those of the subscriptions are read first; of many, those of the first few.
 * @param lacking subscriptions of which something is not listed
 * @param action shows it
 * @param said as in "no standard is listed"
 */
export async function unsureOf(
  lacking: readonly Subscription[],
  { action, said }: { action: string; said: string },
  { denied }: Pick<GraphDeps, "denied">,
): Promise<Map<string, string>> {
  return new Map([
    ...(await denied(lacking.slice(0, mostAsked), [action])).map(({ id, detail }) => [id, detail] as const),
    ...lacking.slice(mostAsked).map(({ id }) => [id, `${said}, and ${action} was not checked here`] as const),
  ]);
}
