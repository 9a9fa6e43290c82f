import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isContainerAlert, readAlert, readAlertRow } from "../../src/azure/alerts/read-alert.ts";
import { readEntry } from "../../src/azure/coverage/activity.ts";
import { readCluster, readProvisioning, readRegistry } from "../../src/azure/coverage/read-coverage.ts";
import { readOverlapping, readPlan } from "../../src/azure/coverage/read-plan.ts";
import { field, list } from "../../src/azure/fields.ts";
import { readRows } from "../../src/azure/graph/graph.ts";
import { readPermission } from "../../src/azure/permissions/required-actions.ts";
import { readAssessment, readMetadata } from "../../src/azure/recommendations/read-assessment.ts";
import { readSubscription } from "../../src/azure/subscriptions.ts";
import { subscriptionParts } from "../../src/commands/status/subscription-facts.ts";
import { knownExtensions } from "../../src/domain/catalogue/extensions.ts";
import { otherPlans } from "../../src/domain/coverage/coverage.ts";
import { coverageOf, subscriptionOf } from "../coverage-readings.ts";

const body = (path: string, status = "200") => {
  const file = new URL(`../examples/azure/${path}`, import.meta.url);
  return field(JSON.parse(readFileSync(file, "utf8")), "responses", status, "body");
};
const items = (path: string) => list(field(body(path), "value"));
const none = new Map<string, string>();
const at = "2026-11-20T00:00:00.000Z";
const saying = (said: string) => ({ source: "example", said, at });
const subscription = "20ff7fc3-e762-44dd-bd96-b71116dcdc23";

describe("Microsoft's published examples are read as they are", () => {
  it("an entry of the activity log, which names its resource by the scope of its authorization", () => {
    expect(items("monitor/2015-04-01/GetActivityLogsFiltered.json").flatMap(readEntry)).toEqual([
      {
        at: "2015-01-21T22:14:26.979Z",
        caller: "admin@contoso.com",
        operation: "microsoft.support/supporttickets/write",
        resource:
          "/subscriptions/089bd33f-d4ec-47fe-8ba5-0753aa5c5b33/resourceGroups/MSSupportGroup/providers/microsoft.support/supporttickets/115012112305841",
        failed: false,
      },
    ]);
  });

  it("an alert at a resource group, with every field", () => {
    const alert = readAlert(
      body("security/2022-01-01/Alerts/GetAlertSubscriptionLocation_example.json"),
      none,
    );
    expect(alert).toMatchObject({
      id: "2518298467986649999_4d25bfef-2d77-4a08-adc0-3e35715cc92a",
      type: "VM_EICAR",
      title: "Azure Security Center test alert (not a threat)",
      severity: "high",
      state: "active",
      place: { subscription: { id: subscription, name: subscription }, resourceGroup: "myRg1" },
      compromisedEntity: "vm1",
      start: "2020-02-22T00:00:00.000Z",
      generated: "2020-02-23T13:47:58.000Z",
      tactics: ["Execution"],
      techniques: ["T1059", "T1053", "T1072", "T1059.001", "T1059.006", "T1053.002"],
      remediation: ["No further action is needed."],
      entities: [{ kind: "ip", name: "192.0.2.1" }],
      extended: [["Property1", "Property1 information"]],
      sample: false,
      whole: true,
    });
    expect(alert?.portal).toMatch(/^https:\/\/portal\.azure\.com\/#blade/);
    expect(alert?.entities[0]?.facts[0]).toEqual(["location", expect.stringContaining("countryCode: gb")]);
  });

  it("alerts on virtual machines, which are positively no containers", () => {
    const all = [
      ...items("security/2022-01-01/Alerts/GetAlertsSubscription_example.json"),
      ...items("security/2022-01-01/Alerts/GetAlertsResourceGroup_example.json"),
    ];
    expect(all.length).toBeGreaterThan(2);
    expect(all.some(isContainerAlert)).toBe(false);
    expect(all.every((alert) => readAlert(alert, none)?.title)).toBe(true);
  });

  it("an alert in the letter case of Resource Graph", () => {
    const given = body("security/2022-01-01/Alerts/GetAlertSubscriptionLocation_example.json");
    const upper = Object.fromEntries(
      Object.entries(field(given, "properties") as object).map(([key, value]) => [
        key[0]!.toUpperCase() + key.slice(1),
        value,
      ]),
    );
    const row = readAlertRow({ id: field(given, "id"), name: field(given, "name"), ...upper }, none);
    const { id, title, severity, state, start, end, generated, place, portal } = readAlert(given, none)!;
    expect(row).toMatchObject({
      id,
      title,
      severity,
      state,
      start,
      end,
      generated,
      place,
      portal,
      whole: false,
    });
    // Names of published alerts have letters in either case: it is one alert however a source writes it.
    const written = String(field(given, "properties", "systemAlertId")).toUpperCase();
    expect(readAlertRow({ id: field(given, "id"), ...upper, SystemAlertId: written }, none)?.id).toBe(id);
  });

  it("the Containers plan of a subscription and of one cluster, with all extensions", () => {
    const plan = readPlan(
      body("security/2024-01-01/Pricings/GetPricingByNameContainers_example.json"),
      saying,
    );
    expect(plan).toMatchObject({
      plan: { known: true, value: "on" },
      enabledSince: "2023-03-01T12:42:42.192Z",
    });
    const state = (name: string, of = plan) => of.extensions.find((extension) => extension.name === name);
    expect(state("ContainerRegistriesVulnerabilityAssessments")?.state).toMatchObject({
      known: true,
      value: "on",
    });
    expect(state("ContainerSensor")?.state.known).toBe(false);
    const paths = [
      "security/2024-01-01/Pricings/GetResourcePricingByNameContainers_example.json",
      "security/2026-07-01/Pricings/PutResourcePricingByNameContainers_example.json",
    ];
    for (const path of paths) {
      const own = readPlan(body(path), saying);
      expect(own.inheritedFrom).toBeUndefined();
      expect(own.extensions.map(({ name }) => name)).toEqual(knownExtensions.map(({ name }) => name));
      expect(
        own.extensions.every((extension) => extension.state.known && extension.state.value === "on"),
      ).toBe(true);
      expect(state("AgentlessVmScanning", own)?.properties).toEqual({ ExclusionTags: "[]" });
    }
  });

  it("extensions that failed under a 200", () => {
    const plan = readPlan(
      body("security/2024-01-01/Pricings/PutPricingByNamePartialSuccess_example.json"),
      saying,
    );
    const failed = plan.extensions.filter(({ failure }) => failure !== undefined).map(({ name }) => name);
    expect(failed).toEqual([
      "AgentlessDiscoveryForKubernetes",
      "AgentlessVmScanning",
      "SensitiveDataDiscovery",
    ]);
    const read = { ...coverageOf(), subscriptions: [subscriptionOf("s1", plan)] };
    const facts = JSON.stringify(subscriptionParts(read, "en"));
    expect(facts).toMatch(
      /on: Registry access, EntraPermissionsManagement; off: .*K8S API access \(failed\)/,
    );
  });

  it("other plans, and a plan that is inherited", () => {
    const all = items("security/2024-01-01/Pricings/ListPricings_example.json");
    expect(otherPlans({ overlapping: readOverlapping(all, saying) })).toContain("VirtualMachines");
    const [inherited, own] = items("security/2024-01-01/Pricings/ListResourcePricings_example.json");
    expect(readPlan(inherited, saying).inheritedFrom).toBe(`/subscriptions/${subscription}`);
    expect(readPlan(own, saying)).toMatchObject({ plan: { known: true, value: "off" } });
    expect(readPlan(own, saying).extensions.every(({ state }) => state.known && state.value === "off")).toBe(
      true,
    );
  });

  it("clusters and registries", () => {
    const [listed] = items("containerservice/2024-02-01/ManagedClustersList.json");
    const row = (resource: unknown) => ({
      ...(resource as object),
      pools: field(resource, "properties", "agentPoolProfiles"),
      security: field(resource, "properties", "securityProfile"),
      addons: field(resource, "properties", "addonProfiles"),
      kubernetesVersion: field(resource, "properties", "currentKubernetesVersion"),
      power: field(resource, "properties", "powerState", "code"),
    });
    expect(readCluster(row(listed), none, saying)).toMatchObject({
      name: "clustername1",
      cluster: "clustername1",
      resourceGroup: "rg1",
      kubernetesVersion: "1.9.6",
      nodes: { known: true, value: { linux: 3, windows: 0 } },
      sensorProfile: { known: true, value: "off" },
      power: { known: false },
    });
    const secured = body("containerservice/2024-02-01/ManagedClustersCreate_SecurityProfile.json");
    expect(readCluster(row(secured), none, saying)).toMatchObject({
      sensorProfile: { known: true, value: "on" },
      workspace: { known: true, value: expect.stringContaining("WORKSPACE_NAME") },
    });
    const [registry] = items("containerregistry/2023-07-01/RegistryList.json");
    const sku = field(registry, "sku", "name");
    expect(readRegistry({ ...(registry as object), sku }, none)).toMatchObject({
      registry: "myRegistry",
      sku: "Standard",
    });
  });

  it("assessments of other resources, which are left out, and what they mean", () => {
    const rows = items("security/2021-06-01/Assessments/ListAssessments_example.json").map((one) => ({
      ...(one as object),
      displayName: field(one, "properties", "displayName"),
      resource: field(one, "properties", "resourceDetails"),
      status: field(one, "properties", "status", "code"),
    }));
    expect(rows.map((row) => readAssessment(row, new Map(), none))).toEqual([undefined, undefined]);
    const metadata = items(
      "security/2021-06-01/AssessmentsMetadata/ListAssessmentsMetadata_subscription_example.json",
    );
    const [key, about] = readMetadata(metadata[0])!;
    expect(key).toBe("21300918-b2e3-0346-785f-c77ff57d243b");
    expect(about).toMatchObject({
      severity: "Medium",
      title: expect.stringContaining("endpoint protection"),
    });
    expect(about.remediation).not.toContain("<a");
    expect(readMetadata(metadata[1])![1].remediation).toMatch(/below\nTo|list below\n|\n/);
  });

  it("subscriptions, permissions, assignments, and rows of Resource Graph", () => {
    expect(items("resources/2022-12-01/GetSubscriptions.json").map(readSubscription)[0]).toEqual({
      id: "291bba3f-e0a5-47bc-a099-3bdcb2a50a05",
      name: "Example Subscription",
      state: "Enabled",
    });
    expect(items("authorization/2022-04-01/GetPermissions.json").map(readPermission)).toEqual([
      { actions: [], notActions: [], dataActions: [], notDataActions: [] },
    ]);
    const assignments = items("authorization/2023-04-01/listPolicyAssignments.json");
    const rows = assignments.map((one) => ({
      ...(one as object),
      definition: field(one, "properties", "policyDefinitionId"),
    }));
    expect(rows.map(readProvisioning)).toEqual([undefined, undefined]);
    const page = body("resourcegraph/2022-10-01/ResourcesFirstPageQuery.json");
    expect(readRows(field(page, "data"))).toHaveLength(3);
  });
});
