import type { Container } from "../../estate/contents.ts";
import type { Estate, Resource } from "../../estate/estate.ts";
import { azureTime, draw, guid } from "../../estate/identifiers.ts";
import { type Answer, failure } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

type Record = { [name: string]: unknown };

/**
 * The latest policy states of one cluster, made of what Defender says of its data plane: one for each recommendation
 * with a policy; the violating objects are pods of it [PolicyStates_QueryResourceScopeExpandComponents, 2019-10-01].
 */
function statesOf(estate: Estate, scope: string, now: Date): Record[] {
  const cluster = estate.clusters.find((one) => one.id.toLowerCase() === scope);
  if (!cluster) return [];
  const running = estate.contents.containers.filter((one) => one.cluster === cluster);
  return estate.assessments
    .filter((one) => one.id.toLowerCase().startsWith(`${scope}/providers/microsoft.security/`))
    .flatMap((assessment) => {
      const metadata = estate.assessmentsMetadata.find(({ name }) => name === assessment.name);
      const definition = metadata?.properties.policyDefinitionId as string | undefined;
      return definition ? [stateOf(assessment, { cluster, definition, running, now })] : [];
    });
}

type About = { cluster: Resource; definition: string; running: readonly Container[]; now: Date };

function stateOf(assessment: Resource, { cluster, definition, running, now }: About): Record {
  const unhealthy = (assessment.properties.status as { code: string }).code === "Unhealthy";
  const [, , subscriptionId] = cluster.id.split("/");
  const timestamp = azureTime(now);
  const components = running.map((one) => {
    const pod = `${one.workload}-${guid(one.workload).slice(0, 8)}`;
    const violates = unhealthy && draw(`${definition} ${pod}`, 2) === 0;
    return {
      id: `${one.namespace}/${pod}`,
      type: "Pod",
      name: pod,
      timestamp,
      complianceState: violates ? "NonCompliant" : "Compliant",
    };
  });
  return {
    "@odata.id": null,
    timestamp,
    resourceId: cluster.id.toLowerCase(),
    policyAssignmentId: `/subscriptions/${subscriptionId}/providers/microsoft.authorization/policyassignments/securitycenterbuiltin`,
    policyDefinitionId: definition.toLowerCase(),
    policyDefinitionName: definition.split("/").at(-1),
    policyDefinitionAction: "audit",
    resourceType: "Microsoft.ContainerService/managedClusters",
    isCompliant: !unhealthy,
    complianceState: unhealthy ? "NonCompliant" : "Compliant",
    components: [
      ...components,
      { id: "*", type: "*", name: "*", timestamp, complianceState: "NonCompliant" },
    ],
  };
}

/** `name eq 'value' and other ne 'value'`, letter case aside; undefined for what this stand-in does not know. */
function condition(filter: string): ((one: Record) => boolean) | undefined {
  const parts = filter.split(/ and /i).map((part) => /^\s*(\w+) (eq|ne) '((?:[^']|'')*)'\s*$/i.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  return (one) =>
    parts.every((part) => {
      const [, name = "", operator = "", value = ""] = part!;
      const key = Object.keys(one).find((known) => known.toLowerCase() === name.toLowerCase());
      const same = String(one[key ?? ""]).toLowerCase() === value.replaceAll("''", "'").toLowerCase();
      return same === (operator.toLowerCase() === "eq");
    });
}

function query(call: Call): Answer {
  const { searchParams } = call.url;
  const filter = condition(searchParams.get("$filter") ?? "timestamp ne ''");
  const expand = searchParams.get("$expand") ?? "";
  const inner = /^components(?:\(\$filter=(.+)\))?$/i.exec(expand);
  const shown = condition(inner?.[1] ?? "id ne ''");
  if (!filter || !shown || (expand && !inner))
    return failure(400, "InvalidQueryString", "The query parameters are not valid.");
  const states = statesOf(call.estate, `/${call.params.scope}`.toLowerCase(), call.now)
    .filter(filter)
    .map(({ components, ...state }) =>
      inner ? { ...state, components: (components as Record[]).filter(shown) } : state,
    );
  const answer = page(call, states, (value) => ({ "@odata.count": value.length, value }));
  const { nextLink, ...body } = answer.body as Record;
  return { ...answer, body: { "@odata.nextLink": nextLink ?? null, ...body } };
}

export const policyStateRoutes: Route[] = [
  {
    method: "POST",
    path: "/{scope*}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults",
    versions: ["2018-04-04", "2018-07-01-preview", "2019-10-01"],
    action: "Microsoft.PolicyInsights/policyStates/queryResults/action",
    handle: query,
  },
];
