import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { enablementRole } from "../../playground/estate/estate.ts";
import { enablementActions, enablementRoleName } from "../../src/azure/checks/optional-roles.ts";
import { clusterBody, clusterValues } from "../../src/azure/enablement/cluster-change.ts";
import { failedExtensions, planBody, planValues } from "../../src/azure/enablement/plan-change.ts";
import { field, list } from "../../src/azure/fields.ts";
import { knownExtensions } from "../../src/domain/catalogue/extensions.ts";
import type { PlannedStep } from "../../src/domain/enablement/enablement.ts";
import { roleCondition } from "../../src/message/enablement/commands.ts";
import { planStep } from "../enablements.ts";

const example = (path: string) =>
  JSON.parse(readFileSync(new URL(`../examples/azure/${path}`, import.meta.url), "utf8"));
const answer = (path: string) => field(example(path), "responses", "200", "body");
const cluster: PlannedStep = { ...planStep, kind: "cluster", on: { ...planStep.on, kind: "cluster" } };

describe("the bodies that are sent keep to the published shapes", () => {
  it("of one cluster's plan: every extension, as in the example", () => {
    const path = "security/2026-07-01/Pricings/PutResourcePricingByNameContainers_example.json";
    const { properties } = example(path).parameters.pricing;
    const names: string[] = properties.extensions.map(({ name }: { name: string }) => name);
    const after = { pricingTier: "Standard", ...Object.fromEntries(names.map((name) => [name, "on"])) };
    const before = { properties: { pricingTier: "Free" } };
    expect(planBody(before, { ...cluster, kind: "plan", after })).toEqual({ properties });
  });

  it("of a plan that was Free: what wasn't asked for is off, where Azure would turn on every extension", () => {
    // A Free plan lists none [Pricings 2024-01-01, ListPricings]; without a list all of them come on [PutPricingByName].
    const before = { properties: { pricingTier: "Free" } };
    const states = (on: PlannedStep["on"]) => {
      const body = planBody(before, { ...planStep, on, after: { pricingTier: "Standard" } });
      return list(field(body, "properties", "extensions")).map((one) => [
        field(one, "name"),
        field(one, "isEnabled"),
      ]);
    };
    expect(states(planStep.on)).toEqual(knownExtensions.map(({ name }) => [name, "False"]));
    expect(states({ ...planStep.on, kind: "registry" })).toEqual([
      ["ContainerRegistriesVulnerabilityAssessments", "False"],
      ["ContainerIntegrityContribution", "False"],
    ]);
  });

  it("of an extension that was off: the machines that it leaves out stay left out", () => {
    const scanning = {
      name: "AgentlessVmScanning",
      isEnabled: "False",
      additionalExtensionProperties: { ExclusionTags: '["a"]' },
    };
    const there = { properties: { pricingTier: "Standard", extensions: [scanning] } };
    expect(planBody(there, { ...planStep, after: { AgentlessVmScanning: "on" } })).toMatchObject({
      properties: { extensions: [{ ...scanning, isEnabled: "True" }] },
    });
  });

  it("of a plan with some extensions on: those stay, with their properties, and only what was asked for is added", () => {
    const there = {
      properties: {
        pricingTier: "Standard",
        enforce: "True",
        extensions: [
          {
            name: "AgentlessVmScanning",
            isEnabled: "True",
            additionalExtensionProperties: { ExclusionTags: '["a"]' },
          },
          { name: "ContainerSensor", isEnabled: "False" },
          { name: "SomethingNew", isEnabled: "True" },
          { name: "AgentlessDiscoveryForKubernetes", isEnabled: "False" },
        ],
      },
    };
    const step = { ...planStep, after: { ContainerSensor: "on", SecurityGatingEnabled: "True" } };
    expect(planValues(there, step)).toEqual({ ContainerSensor: "off", SecurityGatingEnabled: "unlisted" });
    expect(planBody(there, step)).toEqual({
      properties: {
        pricingTier: "Standard",
        enforce: "True",
        extensions: [
          there.properties.extensions[0],
          {
            name: "ContainerSensor",
            isEnabled: "True",
            additionalExtensionProperties: { SecurityGatingEnabled: "True" },
          },
          { name: "SomethingNew", isEnabled: "True" },
          { name: "AgentlessDiscoveryForKubernetes", isEnabled: "False" },
        ],
      },
    });
  });

  it("a partial success is 200, and each extension says how it went", () => {
    const partial = answer("security/2024-01-01/Pricings/PutPricingByNamePartialSuccess_example.json");
    const after = { AgentlessVmScanning: "on", ContainerRegistriesVulnerabilityAssessments: "on" };
    expect(failedExtensions(partial, { after })).toEqual({
      AgentlessVmScanning: "Failed find dedicated first party application client ID for extension",
    });
    expect(planValues(partial, { after })).toEqual({
      AgentlessVmScanning: "failed",
      ContainerRegistriesVulnerabilityAssessments: "on",
    });
  });

  it.each([
    ["azurepolicy", undefined],
    ["azurePolicy", "azurePolicy"],
  ])("of a cluster: as it was read, with the settings of the step (%s)", (key, there) => {
    const [read] = list(field(answer("containerservice/2024-02-01/ManagedClustersList.json"), "value"));
    const properties = field(read, "properties") as Record<string, unknown>;
    const given = {
      ...(read as object),
      eTag: "t1",
      properties: {
        ...properties,
        ...(there && { addonProfiles: { [there]: { enabled: false, config: { a: "b" } } } }),
      },
    };
    const after = { sensor: "on", workspace: "/subscriptions/s/law", "policy-addon": "on" };
    expect(clusterValues(given, { after })).toEqual({
      ...{ sensor: "off", workspace: "none", "policy-addon": "off" },
      provisioningState: "Succeeded",
    });
    const body = clusterBody(given, { after });
    expect(body).not.toHaveProperty("eTag");
    expect(body).toMatchObject({
      location: field(read, "location"),
      tags: field(read, "tags"),
      properties: {
        agentPoolProfiles: properties.agentPoolProfiles,
        dnsPrefix: properties.dnsPrefix,
        addonProfiles: { [key]: { enabled: true, ...(there && { config: { a: "b" } }) } },
        securityProfile: {
          defender: {
            logAnalyticsWorkspaceResourceId: after.workspace,
            securityMonitoring: { enabled: true },
          },
        },
      },
    });
    expect(clusterValues(body, { after })).toMatchObject(after);
  });

  it("what isn't asked for is left out of the change", () => {
    const given = { location: "x", properties: { securityProfile: { imageCleaner: { enabled: true } } } };
    expect(clusterBody(given, { after: { "policy-addon": "on" } })).toEqual({
      location: "x",
      properties: {
        addonProfiles: { azurepolicy: { enabled: true } },
        securityProfile: { imageCleaner: { enabled: true } },
      },
    });
  });
});

it("the optional role holds the actions that are used, each explained, and nothing else", () => {
  const docs = (name: string) => readFileSync(join(import.meta.dirname, "..", "..", "docs", name), "utf8");
  const role = JSON.parse(docs("azure-enablement-role.json"));
  expect(role).toMatchObject({ Name: enablementRoleName, IsCustom: true, NotActions: [], DataActions: [] });
  expect(role.Actions).toEqual(enablementActions.map(({ action }) => action));
  expect(enablementRole().actions).toEqual(role.Actions);
  const page = docs("enable.md");
  const rows = [...page.matchAll(/^\| `([^`]+)`\s*\| (.*?)\s*\|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(enablementActions.map(({ action, purpose }) => [action, purpose]));
  expect(page).toContain(`--role "${enablementRoleName}"`);
  // The page breaks the lines of what the answer in Slack has in one.
  expect(page.replaceAll(/\s+/g, " ")).toContain(roleCondition());
});
