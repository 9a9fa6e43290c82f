import type { Coverage } from "../../domain/coverage/coverage.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { Subscription } from "../../ports/azure.ts";
import { detailOf } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import { type Part, unsureOf } from "./part.ts";
import type { Saying } from "./read-plan.ts";

const action = "Microsoft.OperationalInsights/workspaces/read";

/**
 * The coverage with whether each Log Analytics workspace that a cluster or an assignment names still exists; unknown in
 * a subscription that wasn't read, or where "deleted" can't be believed.
 * @param part rows of `queries/workspaces.kql`
 * @param read the subscriptions that the query was about
 */
export async function withWorkspaces(
  coverage: Coverage,
  part: Part,
  read: readonly Subscription[],
  saying: Saying,
  deps: Pick<GraphDeps, "denied">,
): Promise<Coverage> {
  const listed = new Map(
    part.rows.map((row) => [
      subscriptionOf(row),
      new Set(list(field(row, "workspaces")).map((id) => text(id).toLowerCase())),
    ]),
  );
  const named = new Set(workspacesIn(coverage).map((id) => readResourceId(id)?.subscription));
  const needed = read.filter(({ id }) => named.has(id));
  const unsure = await unsureOf(needed, part, { action, what: "workspace" }, deps);
  const known = new Set(read.map(({ id }) => id));
  const whyUnknown = (id: string) => {
    if (!known.has(id))
      return `subscription ${id || "of the workspace"} isn't among those that Breakwater reads`;
    const error = part.errorOf(id);
    return error ? detailOf(error) : unsure.get(id);
  };
  const exists = (workspace: string | undefined): { workspaceExists?: Known<boolean> } => {
    if (!workspace) return {};
    const subscription = readResourceId(workspace)?.subscription ?? "";
    const why = whyUnknown(subscription);
    if (why !== undefined) return { workspaceExists: { known: false, why, evidence: saying(why) } };
    const value = listed.get(subscription)?.has(workspace.toLowerCase()) ?? false;
    const said = `${workspace}: ${value ? "listed" : "not listed"}`;
    return { workspaceExists: { known: true, value, evidence: saying(said) } };
  };
  return {
    ...coverage,
    subscriptions: coverage.subscriptions.map((one) => {
      const { provisioning } = one;
      if (!provisioning.known) return one;
      const value = provisioning.value.map((made) => ({ ...made, ...exists(made.workspace) }));
      return { ...one, provisioning: { ...provisioning, value } };
    }),
    clusters: coverage.clusters.map((one) => ({
      ...one,
      ...exists(one.workspace.known ? one.workspace.value : undefined),
    })),
  };
}

function workspacesIn({ clusters, subscriptions }: Coverage): string[] {
  return [
    ...clusters.map(({ workspace }) => (workspace.known && workspace.value) || ""),
    ...subscriptions.flatMap(({ provisioning }) =>
      provisioning.known ? provisioning.value.map(({ workspace = "" }) => workspace) : [],
    ),
  ];
}
