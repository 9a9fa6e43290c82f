import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Reply, type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Resource } from "../../playground/estate/estate.ts";

const estate = demoEstate(new Date("2026-11-23T12:00:00Z"));
const production = estate.subscriptions[0]!.id;
const [web, , , , demo] = estate.clusters.map((one) => one.id) as [string, string, string, string, string];
const security = "providers/Microsoft.Security";
let azure: AzureStandIn;
let visitor: Visitor;

beforeAll(async () => {
  azure = await startAzure({ estate, pageSize: 7 });
  visitor = await visit(azure);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});

const get = (path: string, version: string) => visitor.call("GET", `${path}?api-version=${version}`);
const resource = (reply: Reply) => reply.body as Resource;
const value = (reply: Reply) => (reply.body as { value: Resource[] }).value;

/** The keys of the published examples [azure-rest-api-specs, the examples folder of each api-version]. */
const published = {
  subscription:
    "authorizationSource displayName id managedByTenants state subscriptionId subscriptionPolicies tags tenantId",
  alert:
    "alertDisplayName alertType alertUri compromisedEntity correlationKey description endTimeUtc entities extendedLinks extendedProperties intent isIncident processingEndTimeUtc productComponentName productName remediationSteps resourceIdentifiers severity startTimeUtc status subTechniques supportingEvidence systemAlertId techniques timeGeneratedUtc vendorName version",
  plan: "enablementTime enforce extensions freeTrialRemainingTime pricingTier resourcesCoverageStatus",
  clusterPlan: "enablementTime extensions freeTrialRemainingTime inherited inheritedFrom pricingTier",
  olderPlan: "enablementTime extensions freeTrialRemainingTime pricingTier",
  assignment: "id identity location name properties type",
  assignmentProperties:
    "description displayName enforcementMode metadata notScopes parameters policyDefinitionId scope",
  permission: "actions dataActions notActions notDataActions",
  registry: "id location name properties sku tags type",
  registryProperties:
    "adminUserEnabled creationDate dataEndpointEnabled dataEndpointHostNames encryption loginServer networkRuleBypassOptions networkRuleSet policies privateEndpointConnections provisioningState publicNetworkAccess status zoneRedundancy",
  descendant: "id name properties type",
};
const keys = (one: unknown) =>
  Object.keys(one as object)
    .sort()
    .join(" ");

describe("answers have the keys of the published examples", () => {
  it.each([
    ["a subscription", "/subscriptions", "2022-12-01", published.subscription, undefined],
    ["an alert", `${production}/${security}/alerts`, "2022-01-01", published.alert, "properties"],
    [
      "a policy assignment",
      `${production}/providers/Microsoft.Authorization/policyAssignments`,
      "2023-04-01",
      published.assignment,
      undefined,
    ],
    [
      "its properties",
      `${production}/providers/Microsoft.Authorization/policyAssignments`,
      "2023-04-01",
      published.assignmentProperties,
      "properties",
    ],
    [
      "own rights",
      `${production}/providers/Microsoft.Authorization/permissions`,
      "2022-04-01",
      published.permission,
      undefined,
    ],
    [
      "a registry",
      `${production}/providers/Microsoft.ContainerRegistry/registries`,
      "2023-07-01",
      published.registry,
      undefined,
    ],
    [
      "its properties",
      `${production}/providers/Microsoft.ContainerRegistry/registries`,
      "2023-07-01",
      published.registryProperties,
      "properties",
    ],
    [
      "a descendant",
      `/providers/Microsoft.Management/managementGroups/${estate.tenantId}/descendants`,
      "2023-04-01",
      published.descendant,
      undefined,
    ],
  ])("%s", async (_, path, version, expected, inside) => {
    const one = value(await get(path, version))[0] as Record<string, unknown>;
    expect(keys(inside ? one[inside] : one)).toBe(expected);
  });

  it("a plan, by api-version and scope", async () => {
    const plan = async (scope: string, version: string) =>
      keys(resource(await get(`${scope}/${security}/pricings/Containers`, version)).properties);
    expect(await plan(production, "2024-01-01")).toBe(published.plan);
    expect(await plan(production, "2023-01-01")).toBe(published.olderPlan);
    expect(await plan(production, "2022-03-01")).not.toContain("extensions");
    expect(await plan(demo, "2024-01-01")).toBe(published.clusterPlan);
  });

  it("an assessment, with and without what $expand adds", async () => {
    const path = `${web}/${security}/assessments`;
    const [newer, older] = [
      value(await get(path, "2021-06-01"))[0]!,
      value(await get(path, "2020-01-01"))[0]!,
    ];
    expect(keys(newer.properties)).toBe("additionalData displayName resourceDetails status");
    expect(keys(newer.properties.resourceDetails)).toBe("id source");
    expect(keys(newer.properties.status)).toContain("statusChangeDate");
    expect(keys(older.properties.status)).not.toContain("statusChangeDate");
    const expanded = await visitor.call("GET", `${newer.id}?api-version=2020-01-01&$expand=links,metadata`);
    expect(keys(resource(expanded).properties)).toBe(
      "additionalData displayName links metadata resourceDetails status",
    );
  });

  it("a cluster and its node pools", async () => {
    const cluster = resource(await get(web, "2024-02-01"));
    expect(Object.keys(cluster.properties)).toEqual(
      expect.arrayContaining([
        "agentPoolProfiles",
        "powerState",
        "securityProfile",
        "addonProfiles",
        "currentKubernetesVersion",
      ]),
    );
    const pools = value(await get(`${web}/agentPools`, "2024-02-01"));
    expect(pools.map((one) => one.name)).toEqual(["system", "apps"]);
    expect(pools[0]!.properties).toMatchObject({ count: 3, osType: "Linux", provisioningState: "Succeeded" });
  });
});
