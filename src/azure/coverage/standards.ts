import { standardName } from "../../domain/compliance/standards.ts";
import type { Known } from "../../domain/reading/reading.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { detailOf } from "../client/problem.ts";
import { readStandard } from "../compliance/read-compliance.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import type { Saying } from "./read-plan.ts";

/** Of so many subscriptions without a row the permissions are read: the same question for each of an estate costs minutes. */
const mostAsked = 3;
const action = "Microsoft.Security/regulatoryComplianceStandards/read";
type Rows = { rows: Row[]; errorOf(id: string): UpstreamError | undefined };

/**
 * Names of the regulatory standards that measure each subscription. Resource Graph leaves out what it may not show: a
 * subscription without any row is asked for its permissions before "none" is believed; of many, the first few.
 */
export async function standardsOf(
  asked: readonly Subscription[],
  { rows, errorOf }: Rows,
  saying: Saying,
  { denied }: Pick<GraphDeps, "denied">,
): Promise<Map<string, Known<string[]>>> {
  const bySubscription = Map.groupBy(rows, subscriptionOf);
  const silent = asked.filter(({ id }) => !bySubscription.has(id) && !errorOf(id));
  const [first, rest] = [silent.slice(0, mostAsked), silent.slice(mostAsked)];
  const unsure = new Map([
    ...(await denied(first, [action])).map(({ id, detail }) => [id, detail] as const),
    ...rest.map(({ id }) => [id, `no standard is listed, and ${action} was not checked here`] as const),
  ]);
  return new Map(
    asked.map(({ id }): [string, Known<string[]>] => {
      const error = errorOf(id);
      const why = error ? detailOf(error) : unsure.get(id);
      if (why !== undefined) return [id, { known: false, why, evidence: saying(why) }];
      const names = (bySubscription.get(id) ?? []).flatMap((row) => {
        const standard = readStandard(row);
        return standard ? [standardName(standard.name)] : [];
      });
      const said = names.length > 0 ? names.join(", ").slice(0, 300) : "no standard is assigned";
      return [id, { known: true, value: names, evidence: saying(said) }];
    }),
  );
}
