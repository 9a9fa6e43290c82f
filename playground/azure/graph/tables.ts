import { complianceRows } from "../../estate/compliance.ts";
import { cveRows } from "../../estate/cve-rows.ts";
import type { Estate, Resource } from "../../estate/estate.ts";
import { findingRows } from "../../estate/finding-rows.ts";
import { secureScoreRows } from "../../estate/secure-score.ts";
import { workspacesOf } from "../../estate/workspaces.ts";
import type { Sources } from "../kusto/query.ts";
import type { Column } from "../kusto/tree.ts";
import type { Row, Value } from "../kusto/values.ts";
import { allowed } from "../rights.ts";
import { alertProperties, assessmentProperties } from "./properties.ts";

/** The columns of a Resource Graph table [Resource Graph docs, "Understanding the query language"]. */
const columns: Column[] = [
  ...[
    "id",
    "name",
    "type",
    "tenantId",
    "kind",
    "location",
    "resourceGroup",
    "subscriptionId",
    "managedBy",
  ].map((name) => ({ name, type: "string" })),
  ...["sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation"].map((name) => ({
    name,
    type: "dynamic",
  })),
];

/** The subscriptions that a query reads, by id in lower case; rows of others are left out without a word. */
export type Reach = Set<string>;
type Made = { type: string; properties: () => Value; action: string };

function row(resource: Resource, tenantId: string, made: Made): Row {
  const [, , subscriptionId = "", , group] = resource.id.split("/");
  const grouped = /^\/subscriptions\/[^/]+\/resourceGroups\//i.test(resource.id);
  const dynamic = (name: string) => (resource[name] as Value | undefined) ?? null;
  return [
    resource.id,
    resource.name,
    made.type,
    tenantId,
    (resource.kind as string | undefined) ?? "",
    resource.location ?? "",
    grouped ? (group ?? "") : "",
    resource.id.startsWith("/subscriptions/") ? subscriptionId : "",
    "",
    dynamic("sku"),
    null,
    made.properties,
    (resource.tags as Value | undefined) ?? null,
    dynamic("identity"),
    null,
    null,
  ];
}

/** Rows of one kind, of the subscriptions that are in reach and whose kind the identity may read. */
function rows(estate: Estate, reach: Reach, all: readonly Resource[], make: (one: Resource) => Made): Row[] {
  const readable = new Map<string, boolean>();
  const made: Row[] = [];
  for (const one of all) {
    const facts = make(one);
    const subscription = (one.id.split("/")[2] ?? "").toLowerCase();
    const tenantWide = !one.id.startsWith("/subscriptions/");
    const key = `${subscription} ${facts.action}`;
    if (!readable.has(key))
      readable.set(
        key,
        tenantWide || (reach.has(subscription) && allowed(estate, subscription, facts.action)),
      );
    if (readable.get(key)) made.push(row(one, estate.tenantId, facts));
  }
  return made;
}

const as =
  (type: string, properties = (one: Resource): Value => one.properties) =>
  (one: Resource): Made => ({
    type: type.toLowerCase(),
    properties: () => properties(one),
    action: `${type}/read`,
  });

/**
 * The tables over what the estate holds when a query asks for them.
 * @param above the scope is a management group or the tenant, and lists no subscription
 */
export function tables(estate: Estate, reach: Reach, above: boolean): Sources {
  const of = (all: readonly Resource[], make: (one: Resource) => Made) => rows(estate, reach, all, make);
  const source = (read: () => Row[]) => ({ columns, rows: read });
  const containers = () => [
    ...estate.subscriptions.map((one) => ({
      id: one.id,
      name: one.displayName,
      type: "",
      tags: one.tags ?? {},
      properties: {
        state: one.state,
        subscriptionPolicies: one.subscriptionPolicies,
        managementGroupAncestorsChain: ancestors(estate, one.managementGroup),
      },
    })),
  ];
  return {
    resources: source(() => [
      ...of(estate.clusters, as("Microsoft.ContainerService/managedClusters")),
      ...of(estate.registries, as("Microsoft.ContainerRegistry/registries")),
      ...of(workspacesOf(estate), as("Microsoft.OperationalInsights/workspaces")),
    ]),
    resourcecontainers: source(() => of(containers(), as("Microsoft.Resources/subscriptions"))),
    securityresources: source(() => [
      ...of(
        estate.alerts,
        as("Microsoft.Security/locations/alerts", (one) => alertProperties(one.properties)),
      ),
      ...of(
        [...estate.assessments, ...findingRows(estate).assessments].filter((one) => isShown(estate, one)),
        as("Microsoft.Security/assessments", (one) => assessmentProperties(estate, one)),
      ),
      ...of(findingRows(estate).subassessments, (one) => ({
        type: "microsoft.security/assessments/subassessments",
        properties: () => one.properties as Value,
        action: "Microsoft.Security/assessments/read",
      })),
      ...of(estate.assessmentsMetadata, as("Microsoft.Security/assessments/metadata")),
      ...of([...complianceRows(estate), ...secureScoreRows(estate)], (one) => ({
        type: one.type.toLowerCase(),
        properties: () => one.properties as Value,
        action: `${one.type}/read`,
      })),
      ...(above ? of(cveRows(estate), as("microsoft.security/cvedetails")) : []),
      ...of(estate.pricings, as("Microsoft.Security/pricings")),
    ]),
    policyresources: source(() => [
      ...of(estate.policyAssignments, as("Microsoft.Authorization/policyAssignments")),
      ...of(estate.policyExemptions, as("Microsoft.Authorization/policyExemptions")),
    ]),
    authorizationresources: source(() =>
      of(estate.roleAssignments, as("Microsoft.Authorization/roleAssignments")),
    ),
  };
}

/** False for what runs in a cluster whose data doesn't reach Defender. */
function isShown({ unassessed }: Estate, { id, properties }: Resource): boolean {
  const { resourceType = "" } = (properties.resourceDetails ?? {}) as { resourceType?: string };
  return !resourceType.startsWith("k8s-") || !unassessed.some((cluster) => id.startsWith(`${cluster}/`));
}

function ancestors(estate: Estate, name: string): { name: string; displayName: string }[] {
  const group = estate.managementGroups.find((one) => one.name === name);
  if (!group) return [];
  const above = group.parent ? ancestors(estate, group.parent) : [];
  return [{ name: group.name, displayName: group.displayName }, ...above];
}
