import type { Coverage, SubscriptionCoverage } from "../../domain/coverage/coverage.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { inScope, type Located, type Scope } from "../../domain/scope/scope.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Clock } from "../../ports/process.ts";
import type { Client } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { detailOf } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { queryText } from "../graph/queries.ts";
import { hiddenReader } from "../permissions/hidden-rows.ts";
import { namesOf } from "../subscriptions.ts";
import { type Assigned, assignmentsAbove } from "./assignments.ts";
import { withHelmSensor } from "./helm-sensor.ts";
import { type Part, part } from "./part.ts";
import {
  containersOf,
  newestVersion,
  type Plans,
  plansByScope,
  resourcePlans,
  subscriptionPlans,
} from "./plans.ts";
import { readCluster, readProvisioning, readRegistry } from "./read-coverage.ts";
import { readOverlapping, readPlan, type Saying, unknownPlan } from "./read-plan.ts";
import { clusterShape, planShape, provisioningShape, registryShape } from "./shapes.ts";
import { standardsOf } from "./standards.ts";
import { withWorkspaces } from "./workspaces.ts";

const queries = [
  "clusters",
  "registries",
  "provisioning",
  "plans",
  "compliance-standards",
  "workspaces",
] as const;

/** The coverage part of the port: plans subscription by subscription, everything else through Resource Graph. */
export function coverageReader(client: Client, deps: GraphDeps) {
  const hiddenIn = hiddenReader(deps.denied);
  return async (scope?: Scope): Promise<Read<Coverage>> => {
    const asked = await deps.subscriptions();
    const bySubscription = scope?.kind === "sub";
    const mine = bySubscription
      ? asked.value.filter((one) => inScope({ subscription: one }, scope))
      : asked.value;
    const names = namesOf(asked.value);
    const only = bySubscription ? mine.map(({ id }) => id) : undefined;
    const said = sayings(deps.clock);
    const read = (row: Row) => readCluster(row, names, said.clusters);
    const prepared = new Map<Row, ReturnType<typeof read>>();
    const prepare = (row: Row) => prepared.set(row, read(row));
    const [clusterRows, registryRows, provisioningRows, planRows, standardRows, workspaceRows] =
      await Promise.all(
        queries.map((query) =>
          // A cluster's workspace may lie in another subscription than the cluster.
          query === "workspaces"
            ? part(deps.graph, query, asked.value)
            : part(deps.graph, query, mine, only, query === "clusters" ? { prepare } : {}),
        ),
      );
    const mineIds = new Set(mine.map(({ id }) => id));
    const within = (place: Located) => mineIds.has(place.subscription.id) && inScope(place, scope);
    const clusters = present(clusterRows!.rows.map((row) => prepared.get(row) ?? read(row))).filter(within);
    const registries = present(registryRows!.rows.map((row) => readRegistry(row, names))).filter(within);
    const holding = new Set([...clusters, ...registries].map(({ subscription }) => subscription.id));
    const shown = mine.filter((one) => holding.has(one.id) || inScope({ subscription: one }, scope));
    const known = plansByScope(planRows!.rows);
    const plans = await subscriptionPlans(client, shown, known, deps);
    const ownPlans = await resourcePlans(
      client,
      [...clusters, ...registries],
      { plans, known },
      { graph: said.graphPlan, resource: said.resourcePlan },
    );
    const populated = new Set(clusters.map(({ subscription }) => subscription.id));
    const measured = shown.filter(({ id }) => populated.has(id));
    // Without clusters too: what new ones would get is shown there.
    const inNeed = shown.filter(
      ({ id }) => isOn(plans.get(id)) && (populated.has(id) || !provisioningRows!.errorOf(id)),
    );
    const assigned = new Map(
      provisioningRows!.rows.map((row) => [subscriptionOf(row), [...list(field(row, "assignments"))]]),
    );
    const assignedTo = (id: string) => assigned.get(id) ?? [];
    if (!scope) {
      deps.shaped(clusterShape(clusterRows!.rows, clusters));
      deps.shaped(planShape([...plans.values()]));
      deps.shaped(registryShape(registryRows!.rows));
      deps.shaped(provisioningShape([...assigned.values()].flat()));
    }
    const [above, standards] = await Promise.all([
      assignmentsAbove(client, deps.graph, inNeed, assignedTo),
      standardsOf(measured, standardRows!, said.standards, deps),
    ]);
    const unread = await account(mine, shown, plans, [clusterRows!, registryRows!], deps);
    const failures = mine.filter((one) => unread.has(one.id));
    const hidden = await Promise.all(
      [clusterRows!, registryRows!].map(async ({ query, rows }) => {
        const shows = new Set(rows.map(subscriptionOf));
        const silent = mine.filter(({ id }) => !shows.has(id) && !unread.has(id));
        return hiddenIn({ name: query, text: await queryText(query) }, silent, shows);
      }),
    );
    const nothing = clusters.length === 0 && registries.length === 0;
    if (mine.length > 0 && failures.length === mine.length && nothing && !readable(plans))
      throw [...unread.values()][0] as UpstreamError;
    const subscriptions = shown.map((one) => ({
      ...subscriptionCoverage(
        one,
        plans.get(one.id)!,
        { assigned: assignedTo(one.id), errorOf: provisioningRows!.errorOf, above },
        said,
      ),
      ...(standards.has(one.id) && { standards: standards.get(one.id)! }),
    }));
    const planOf = new Map(subscriptions.map(({ subscription, plan }) => [subscription.id, plan]));
    const value: Coverage = {
      subscriptions,
      clusters: clusters
        .map((cluster) => ({ ...cluster, ...ownPlans.own.get(cluster.id) }))
        .map((cluster) => withHelmSensor(cluster, cluster.plan ?? planOf.get(cluster.subscription.id))),
      registries: registries.map((one) => ({ ...one, ...ownPlans.own.get(one.id) })),
    };
    return {
      value: await withWorkspaces(value, workspaceRows!, asked.value, said.workspaces, deps),
      asOf: deps.clock.now(),
      subscriptions: mine.length + (bySubscription ? 0 : asked.unread.length),
      unread: [
        ...(bySubscription ? [] : asked.unread),
        ...failures.map((one) => unreadOf(one, unread.get(one.id))),
        ...new Map(hidden.flat().map((one) => [one.id, one])).values(),
        // A subscription that could not be read is named once, not again for each of its resources.
        ...ownPlans.unread.filter(({ id }) => !failures.some((one) => id.toLowerCase().includes(one.id))),
      ],
    };
  };
}

/** Where each kind of value comes from. */
function sayings(clock: Clock) {
  const at = clock.now();
  const from =
    (source: string): Saying =>
    (said) => ({ source, said, at });
  return {
    plan: (version = newestVersion) =>
      from(`GET /subscriptions/…/providers/Microsoft.Security/pricings ${version}`),
    graphPlan: from("Resource Graph, microsoft.security/pricings"),
    resourcePlan: from("GET {resource}/providers/Microsoft.Security/pricings/Containers 2024-01-01"),
    clusters: from("Resource Graph, microsoft.containerservice/managedclusters"),
    provisioning: from("Resource Graph, microsoft.authorization/policyassignments"),
    workspaces: from("Resource Graph, microsoft.operationalinsights/workspaces"),
    standards: from("Resource Graph, microsoft.security/regulatorycompliancestandards"),
    assignments: from("GET /subscriptions/…/policyAssignments?$filter=atScope() 2023-04-01"),
  };
}

function isOn(plans: Plans | undefined): boolean {
  if (!plans || "error" in plans) return false;
  return /^standard$/i.test(text(field(containersOf(plans.pricings), "properties", "pricingTier")));
}

/** Errors by subscription: of its plans, of the queries, and of those that had no row and were not asked otherwise. */
async function account(
  mine: Subscription[],
  shown: Subscription[],
  plans: Map<string, Plans>,
  parts: Part[],
  { probe }: GraphDeps,
): Promise<Map<string, UpstreamError>> {
  const present = new Set(parts.flatMap(({ rows }) => rows.map(subscriptionOf)));
  const silent = mine.filter((one) => !present.has(one.id) && !shown.includes(one));
  const errors = await probe.unread(silent);
  for (const { id } of mine) {
    const plan = plans.get(id);
    const error =
      plan && "error" in plan ? plan.error : parts.map(({ errorOf }) => errorOf(id)).find(Boolean);
    if (error) errors.set(id, error);
  }
  return errors;
}

function readable(plans: Map<string, Plans>): boolean {
  return [...plans.values()].some((plan) => "pricings" in plan);
}

function subscriptionCoverage(
  { id, name, state }: Subscription,
  plans: Plans,
  {
    assigned: own,
    errorOf,
    above,
  }: Pick<Part, "errorOf"> & { assigned: unknown[]; above: Map<string, Assigned> },
  said: ReturnType<typeof sayings>,
): SubscriptionCoverage {
  const asked = above.get(id);
  const rows = asked && "rows" in asked ? asked.rows : own;
  const assignments = present(rows.map(readProvisioning));
  // Resource Graph is silent about what it may not show: without a right, "none" would be a guess.
  const silent =
    (asked && "error" in asked ? asked.error : asked ? undefined : errorOf(id)) ??
    ("error" in plans && rows.length === 0 ? plans.error : undefined);
  const saying = asked ? said.assignments : said.provisioning;
  return {
    subscription: { id, name },
    ...(!/^(enabled|unknown)$/i.test(state) && { state }),
    ...plansOf(plans, said),
    provisioning: silent
      ? { known: false, why: detailOf(silent), evidence: saying(detailOf(silent)) }
      : { known: true, value: assignments, evidence: saying(`${assignments.length} assignments`) },
  };
}

function plansOf(
  plans: Plans,
  said: ReturnType<typeof sayings>,
): Pick<SubscriptionCoverage, "plan" | "overlapping"> {
  if ("error" in plans) return { plan: unknownPlan(detailOf(plans.error), said.plan()) };
  const { pricings, version } = plans;
  const saying = version === undefined ? said.graphPlan : said.plan(version);
  return { plan: readPlan(containersOf(pricings), saying), overlapping: readOverlapping(pricings, saying) };
}

function present<T>(values: (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
