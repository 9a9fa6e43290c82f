import type { PlanState } from "../../domain/coverage/coverage.ts";
import type { Unread } from "../../domain/reading/reading.ts";
import type { Located } from "../../domain/scope/scope.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { detailOf, problem } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { mayDiffer, readPlan, type Saying, tellsPlan, unknownPlan } from "./read-plan.ts";

const apiVersion = "2024-01-01";
/** Tells who manages a plan; clouds that don't have it yet are asked in the older one. */
export const newestVersion = "2026-07-01";
/** So few subscriptions are asked themselves: Resource Graph's rows lag, and may not say who manages a plan. */
const fewSubscriptions = 5;
const pricings = "providers/Microsoft.Security/pricings";

/**
 * The plans of a subscription; or why they are unknown. `version`: the api-version in which the subscription answered,
 * nothing where Resource Graph did. `inGraph`: whether that has them at all.
 */
export type Plans =
  | { pricings: readonly unknown[]; version?: string; inGraph: boolean }
  | { error: UpstreamError };
/** Plans of Resource Graph, by the id of what they are set at, in lower case. */
export type GraphPlans = ReadonlyMap<string, unknown[]>;

/** Rows of `queries/plans.kql` by the scope that they are set at. */
export function plansByScope(rows: readonly Row[]): GraphPlans {
  return new Map(
    rows.map((row) => [text(field(row, "id"), 2000).toLowerCase(), [...list(field(row, "plans"))]] as const),
  );
}

/** The plans of each subscription: those of Resource Graph, and where it tells too little, the subscription's answer. */
export async function subscriptionPlans(
  client: Client,
  subscriptions: readonly Subscription[],
  known: GraphPlans,
  { probe }: GraphDeps,
): Promise<Map<string, Plans>> {
  const read = async ({ id }: Subscription): Promise<Plans> => {
    const rows = known.get(`/subscriptions/${id}`);
    const fromGraph = rows && tellsPlan(containersOf(rows)) ? { pricings: rows, inGraph: true } : undefined;
    if (fromGraph && subscriptions.length > fewSubscriptions) {
      probe.learn(id);
      return fromGraph;
    }
    try {
      const listed = await listPlans(client, `/subscriptions/${id}/${pricings}`);
      probe.learn(id);
      return { ...listed, inGraph: fromGraph !== undefined };
    } catch (error) {
      probe.learn(id, fromGraph ? undefined : problem(error));
      return fromGraph ?? { error: problem(error) };
    }
  };
  return new Map(await each(subscriptions, async (one) => [one.id, await read(one)] as const));
}

async function listPlans(client: Client, path: string): Promise<{ pricings: unknown[]; version: string }> {
  const inVersion = async (version: string) => ({ pricings: await client.list(path, version), version });
  try {
    return await inVersion(newestVersion);
  } catch (error) {
    if (!isVersionRefusal(problem(error))) throw error;
    return inVersion(apiVersion);
  }
}

/**
 * Resource Manager refuses an api-version as a bad request, or as a type that isn't there [Azure China on `pricings`:
 * `404 InvalidResourceType`, "could not be found in the namespace 'Microsoft.Security' for api version '2024-01-01'"].
 */
function isVersionRefusal({ status, code }: UpstreamError): boolean {
  return status === 400 || /^InvalidResourceType$/i.test(code);
}

/** The plan Containers among the plans of one scope. */
export function containersOf(plans: readonly unknown[]): unknown {
  return plans.find((plan) => /^containers$/i.test(text(field(plan, "name"))));
}

/**
 * Clusters and registries with a plan of their own. Resource Graph lists those plans; single ones are asked only where
 * their subscription's plan leaves room for one and Resource Graph has none of it.
 */
export async function resourcePlans(
  client: Client,
  resources: readonly (Located & { id: string; name: string })[],
  { plans, known }: { plans: ReadonlyMap<string, Plans>; known: GraphPlans },
  saying: { graph: Saying; resource: Saying },
) {
  const own = new Map<string, { plan: PlanState }>();
  const unread: Unread[] = [];
  // Subscriptions of which Resource Graph lists plans below them: it then lists all of them.
  const below = [...known.keys()].filter((scope) => scope.split("/").length > 3);
  const listed = new Set(below.map((scope) => scope.split("/")[2]));
  // Subscriptions that leave their resources no plan besides those listed.
  const settled = new Set(
    [...plans].flatMap(([id, above]) => {
      if ("error" in above) return [];
      const { pricings, inGraph } = above;
      return (inGraph && listed.has(id)) || !mayDiffer(containersOf(pricings), inGraph) ? [id] : [];
    }),
  );
  const asked = resources.filter(({ id, subscription }) => {
    const listedPlan = containersOf(known.get(id.toLowerCase()) ?? []);
    if (tellsPlan(listedPlan)) {
      const plan = readPlan(listedPlan, saying.graph);
      if (plan.inheritedFrom === undefined) own.set(id, { plan });
      return false;
    }
    return listedPlan !== undefined || !settled.has(subscription.id);
  });
  await each(asked, async ({ id, name }) => {
    try {
      const plan = readPlan(await client.get(`${id}/${pricings}/Containers`, apiVersion), saying.resource);
      if (plan.inheritedFrom === undefined) own.set(id, { plan });
    } catch (error) {
      // No plan of its own: that of the subscription holds. The same for what was deleted meanwhile.
      if (problem(error).status === 404) return;
      own.set(id, { plan: unknownPlan(detailOf(error), saying.resource) });
      unread.push(unreadOf({ id, name }, error));
    }
  });
  return { own, unread };
}
