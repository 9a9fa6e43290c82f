import type { Coverage } from "../../domain/coverage/coverage.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { detailOf } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import type { Saying } from "./read-plan.ts";

/** Of so many subscriptions without any workspace the permissions are read: of a whole estate it would cost minutes. */
const mostAsked = 3;
const action = "Microsoft.OperationalInsights/workspaces/read";
type Rows = { rows: Row[]; errorOf(id: string): UpstreamError | undefined };

/**
 * The coverage with whether each Log Analytics workspace that a cluster or an assignment names still exists. Resource
 * Graph leaves out what it may not show: a subscription without any workspace is asked for its permissions before
 * "deleted" is believed, and of one that wasn't read nothing is known.
 * @param part rows of `queries/workspaces.kql`
 * @param read the subscriptions that the query was about
 */
export async function withWorkspaces(
  coverage: Coverage,
  { rows, errorOf }: Rows,
  read: readonly Subscription[],
  saying: Saying,
  { denied }: Pick<GraphDeps, "denied">,
): Promise<Coverage> {
  const listed = new Map(
    rows.map((row) => [
      subscriptionOf(row),
      new Set(list(field(row, "workspaces")).map((id) => text(id).toLowerCase())),
    ]),
  );
  const named = new Set(workspacesIn(coverage).map((id) => readResourceId(id)?.subscription));
  const silent = read.filter(({ id }) => named.has(id) && !listed.has(id) && !errorOf(id));
  const unsure = new Map([
    ...(await denied(silent.slice(0, mostAsked), [action])).map(({ id, detail }) => [id, detail] as const),
    ...silent
      .slice(mostAsked)
      .map(({ id }) => [id, `no workspace is listed, and ${action} was not checked here`] as const),
  ]);
  const known = new Set(read.map(({ id }) => id));
  const whyUnknown = (id: string) => {
    if (!known.has(id))
      return `subscription ${id || "of the workspace"} isn't among those that Breakwater reads`;
    const error = errorOf(id);
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
