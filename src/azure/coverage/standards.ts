import { standardName } from "../../domain/compliance/standards.ts";
import type { Known } from "../../domain/reading/reading.ts";
import type { Subscription } from "../../ports/azure.ts";
import { detailOf } from "../client/problem.ts";
import { readStandard } from "../compliance/read-compliance.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import { type Part, unsureOf } from "./part.ts";
import type { Saying } from "./read-plan.ts";

const action = "Microsoft.Security/regulatoryComplianceStandards/read";

/** Names of the regulatory standards that measure each subscription; unknown where "none" can't be believed. */
export async function standardsOf(
  asked: readonly Subscription[],
  { rows, errorOf }: Part,
  saying: Saying,
  deps: Pick<GraphDeps, "denied">,
): Promise<Map<string, Known<string[]>>> {
  const bySubscription = Map.groupBy(rows, subscriptionOf);
  const silent = asked.filter(({ id }) => !bySubscription.has(id) && !errorOf(id));
  const unsure = await unsureOf(silent, { action, said: "no standard is listed" }, deps);
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
