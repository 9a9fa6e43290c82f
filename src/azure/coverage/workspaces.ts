import type { Coverage } from "../../domain/coverage/coverage.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { Subscription } from "../../ports/azure.ts";
import { detailOf } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
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
  const listed = new Set(
    part.rows.flatMap((row) => list(field(row, "workspaces")).map((id) => text(id, 2000).toLowerCase())),
  );
  const isListed = (workspace: string) => listed.has(workspace.toLowerCase());
  const absent = workspacesIn(coverage).filter((workspace) => !isListed(workspace));
  const lacking = new Set(absent.map(subscriptionIn));
  // One that was granted by itself is listed where the others are hidden.
  const unsure = await unsureOf(
    read.filter(({ id }) => lacking.has(id) && !part.errorOf(id)),
    { action, said: "the workspace is not listed" },
    deps,
  );
  const known = new Set(read.map(({ id }) => id));
  const whyUnknown = (id: string) => {
    if (!known.has(id))
      return `subscription ${id || "of the workspace"} isn't among those that Breakwater reads`;
    const error = part.errorOf(id);
    return error ? detailOf(error) : unsure.get(id);
  };
  const exists = (workspace: string | undefined): { workspaceExists?: Known<boolean> } => {
    if (!workspace) return {};
    const value = isListed(workspace);
    const why = value ? undefined : whyUnknown(subscriptionIn(workspace));
    if (why !== undefined) return { workspaceExists: { known: false, why, evidence: saying(why) } };
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

function subscriptionIn(workspace: string): string {
  return readResourceId(workspace)?.subscription ?? "";
}

function workspacesIn({ clusters, subscriptions }: Coverage): string[] {
  return [
    ...clusters.map(({ workspace }) => (workspace.known && workspace.value) || ""),
    ...subscriptions.flatMap(({ provisioning }) =>
      provisioning.known ? provisioning.value.map(({ workspace = "" }) => workspace) : [],
    ),
  ];
}
