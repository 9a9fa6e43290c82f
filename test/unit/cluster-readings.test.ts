import { describe, expect, it } from "vitest";
import { readCluster } from "../../src/azure/coverage/read-coverage.ts";

const saying = (said: string) => ({ source: "test", said, at: "2026-11-28T00:00:00.000Z" });
const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";
const read = (row: Record<string, unknown>) => readCluster({ id, name: "aks", ...row }, new Map(), saying);

describe("the policy add-on of a cluster", () => {
  it.each([
    ["azurepolicy alone", { azurepolicy: { enabled: true } }, "on"],
    ["azurePolicy alone", { azurePolicy: { enabled: true } }, "on"],
    ["both, the second one on", { azurepolicy: { enabled: false }, azurePolicy: { enabled: true } }, "on"],
    ["both, the first one on", { azurepolicy: { enabled: true }, azurePolicy: { enabled: false } }, "on"],
    ["both off", { azurepolicy: { enabled: false }, azurePolicy: { enabled: false } }, "off"],
    ["neither", {}, "off"],
    ["no profiles", null, "off"],
  ])("is on where either spelling is: %s", (_, addons, value) =>
    expect(read({ addons })?.policyAddon).toMatchObject({ known: true, value }),
  );
  it("is unknown where one is off and the other cannot be read", () => {
    const addons = { azurepolicy: { enabled: false }, azurePolicy: { enabled: "maybe" } };
    expect(read({ addons })?.policyAddon).toMatchObject({ known: false });
  });
});

describe("a row of a cluster", () => {
  it.each([
    ["neither profile nor add-ons", { security: null, addons: null }, true],
    ["an empty profile", { security: {} }, true],
    [
      "a profile that is off",
      { security: { defender: { securityMonitoring: { enabled: false } } } },
      undefined,
    ],
    ["add-ons", { security: null, addons: { azurepolicy: { enabled: false } } }, undefined],
  ])("is known to have neither profile: %s", (_, row, noProfiles) =>
    expect(read(row)?.noProfiles).toBe(noProfiles),
  );

  it("has the tag that excludes it as it is written there", () => {
    const tags = { MS_Defender_container_exclude_sensors: "True" };
    expect(read({ tags })).toMatchObject({
      excluded: { value: true },
      exclusionTag: "MS_Defender_container_exclude_sensors=True",
    });
    expect(read({ tags: { owner: "x" } })).not.toHaveProperty("exclusionTag");
  });
});
