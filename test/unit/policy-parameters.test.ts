import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Resource } from "../../playground/estate/estate.ts";
import {
  benchmarkAssignment,
  builtIn,
  secondBenchmarkId,
} from "../../playground/estate/policy-definitions.ts";
import type { Client } from "../../src/azure/client/client.ts";
import { assignmentBody } from "../../src/azure/enablement/parameter-change.ts";
import { policyParametersReader } from "../../src/azure/enablement/policy-parameters.ts";
import { findParameter, policyParameters } from "../../src/domain/catalogue/policy-parameters.ts";
import { compareValues, enablementCode, type PlannedStep } from "../../src/domain/enablement/enablement.ts";
import { parameterSteps } from "../../src/domain/enablement/parameter-steps.ts";
import {
  leadingAssignment,
  parameterText,
  parameterValue,
} from "../../src/domain/recommendations/policy-parameters.ts";
import { UpstreamError } from "../../src/errors.ts";
import { commandOf, undoCommandOf } from "../../src/message/enablement/commands.ts";
import { enablementOf } from "../enablements.ts";

const scope = "/subscriptions/s1";
const limits = "e345eecc-fa47-480f-9e88-67dcc122b164";
const ports = "233a2a17-77ca-4fb1-9b6b-69223d272a44";

/** A client that answers with these assignments and the built-in definitions, and notes which were read. */
function clientOf(assignments: Resource[], answer = builtIn) {
  const read: string[] = [];
  const client = {
    list: async () => assignments,
    get: async (id: string) => {
      read.push(id);
      const definition = answer(id);
      if (!definition)
        throw new UpstreamError("gone", { system: "azure", status: 404, code: "NotFound", retryable: false });
      return definition;
    },
  };
  return { client: client as unknown as Client, read };
}

describe("parameters of assigned policies", () => {
  it("have the value of the assignment under the initiative's name, else the initiative's default", async () => {
    const { client } = clientOf([benchmarkAssignment(scope, { memoryInKubernetesClusterLimit: "2Gi" })]);
    const [assigned] = await policyParametersReader(client, () => 0)("s1", limits.toUpperCase());
    expect(assigned).toMatchObject({
      id: `${scope}/providers/Microsoft.Authorization/policyAssignments/SecurityCenterBuiltIn`,
      scope,
      parameters: [
        { name: "cpuLimit", value: "32", default: "32", assigned: "CPUInKubernetesClusterLimit" },
        { name: "memoryLimit", value: "2Gi", default: "64Gi", assigned: "memoryInKubernetesClusterLimit" },
      ],
    });
  });

  it("that an initiative fixes can't be changed at its assignment; the benchmark's assignment leads", async () => {
    const fixed = benchmarkAssignment(scope, {}, secondBenchmarkId);
    const { client } = clientOf([fixed, benchmarkAssignment(scope)]);
    const assigned = await policyParametersReader(client, () => 0)("s1", limits);
    expect(assigned[0]!.parameters[0]).toEqual({ name: "cpuLimit", value: "32" });
    expect(leadingAssignment(assigned)!.name).toContain("ASC Default");
  });

  it("of a definition that is assigned by itself carry its own names; what has no default says so", async () => {
    const alone = benchmarkAssignment(scope, { cpuLimit: "500m" });
    alone.properties.policyDefinitionId = `/providers/Microsoft.Authorization/policyDefinitions/${limits}`;
    const { client } = clientOf([alone]);
    const [assigned] = await policyParametersReader(client, () => 0)("s1", limits);
    expect(assigned!.parameters).toEqual([
      { name: "cpuLimit", value: "500m", assigned: "cpuLimit" },
      { name: "memoryLimit", value: "none", assigned: "memoryLimit" },
    ]);
  });

  it("are none where the policy isn't assigned, the initiative lacks it, or was deleted", async () => {
    const other = benchmarkAssignment(scope);
    other.properties.policyDefinitionId = `/providers/Microsoft.Authorization/policyDefinitions/${ports}`;
    const gone = benchmarkAssignment(scope, {}, "/providers/x/policySetDefinitions/gone");
    const { client } = clientOf([other, gone, { id: "", name: "", type: "", properties: {} }]);
    expect(await policyParametersReader(client, () => 0)("s1", limits)).toEqual([]);
  });

  it("read each definition once an hour, and again after it couldn't be read", async () => {
    let now = 0;
    let refused = true;
    const answer = (id: string) => {
      if (!refused) return builtIn(id);
      throw new UpstreamError("no", { system: "azure", status: 403, code: "Forbidden", retryable: false });
    };
    const { client, read } = clientOf([benchmarkAssignment(scope)], answer);
    const reader = policyParametersReader(client, () => now);
    await expect(reader("s1", ports)).rejects.toThrow("no");
    refused = false;
    await reader("s1", ports);
    await reader("s2", limits);
    expect(read).toHaveLength(2);
    now = 3_600_000;
    await reader("s1", ports);
    expect(read).toHaveLength(3);
  });
});

describe("a value that a person writes", () => {
  it.each([
    ["ports", "80, 443", ["80", "443"], "80, 443"],
    ["ports", "none", ["-1"], "-1"],
    ["ports", "http", undefined, ""],
    ["port", "30000", 30_000, "30000"],
    ["port", "70000", undefined, ""],
    ["boolean", "TRUE", true, "true"],
    ["boolean", "maybe", undefined, ""],
    ["quantity", "500m", "500m", "500m"],
    ["quantity", "1.5Gi", "1.5Gi", "1.5Gi"],
    ["quantity", "much", undefined, ""],
    ["list", "NET_ADMIN;SYS_TIME", ["NET_ADMIN", "SYS_TIME"], "NET_ADMIN, SYS_TIME"],
    ["list", "none", [], "none"],
    ["list", "a'b", undefined, ""],
    [
      "registries",
      "contoso.azurecr.io",
      "^(contoso\\.azurecr\\.io)\\/.+$",
      "^(contoso\\.azurecr\\.io)\\/.+$",
    ],
    [
      "registries",
      "*.azurecr.io registry.io",
      "^([^\\/]+\\.azurecr\\.io|registry\\.io)\\/.+$",
      "^([^\\/]+\\.azurecr\\.io|registry\\.io)\\/.+$",
    ],
    ["registries", "^x/.+$", "^x/.+$", "^x/.+$"],
    ["registries", "https://x", undefined, ""],
    [
      "paths",
      "/var/log:ro,/data",
      {
        paths: [
          { pathPrefix: "/var/log", readOnly: true },
          { pathPrefix: "/data", readOnly: false },
        ],
      },
      "/var/log:ro, /data",
    ],
    ["paths", "var", undefined, ""],
  ] as const)("for %s: %s", (kind, written, value, shown) => {
    expect(parameterValue(kind, written)).toEqual(value);
    if (value !== undefined) expect(parameterText(value)).toBe(shown);
  });

  it("is the same when what is shown of it is written again", () => {
    const written = fc.oneof(
      fc.constantFrom(...policyParameters.map(({ example }) => example)),
      fc.string({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...policyParameters), written, ({ kind }, given) => {
        const value = parameterValue(kind, given);
        if (value === undefined) return;
        expect(parameterValue(kind, parameterText(value))).toEqual(value);
      }),
    );
  });

  it("has an example of each parameter that fits", () => {
    for (const { kind, example } of policyParameters)
      expect(parameterValue(kind, example), example).toBeDefined();
  });
});

describe("the change of a parameter", () => {
  const subscription = { id: "s1", name: "prod" };
  const on: PlannedStep["on"] = { kind: "subscription", ...subscription };
  const parameter = findParameter("allowed-ports")!;
  const planned = async (assignments: Resource[], value = "80, 443", place = on) => {
    const assigned = await policyParametersReader(clientOf(assignments).client, () => 0)(
      "s1",
      parameter.policy,
    );
    return parameterSteps({ on: place, subscription, parameter, assigned, value });
  };
  const own = benchmarkAssignment(scope, { allowedservicePortsInKubernetesClusterPorts: ["443"] });

  it("names the assignment and the value before and after; the same value is no change", async () => {
    const { steps, left } = await planned([own]);
    expect(left).toEqual([]);
    expect(steps).toMatchObject([
      {
        kind: "parameter",
        assignment: { id: own.id, parameter: "allowedservicePortsInKubernetesClusterPorts", default: "-1" },
        before: { "allowed-ports": "443" },
        after: { "allowed-ports": "80, 443" },
      },
    ]);
    expect(await planned([own], "443")).toMatchObject({ steps: [], left: [] });
  });

  it.each<[string, Resource[], PlannedStep["on"], string]>([
    ["no assignment holds there", [], on, "not-assigned"],
    ["the initiative fixes the value", [benchmarkAssignment(scope, {}, secondBenchmarkId)], on, "fixed"],
    [
      "it is assigned above",
      [benchmarkAssignment("/providers/Microsoft.Management/managementGroups/mg")],
      on,
      "above",
    ],
    ["one cluster was asked for", [own], { kind: "cluster", id: "/c", name: "aks" }, "whole-subscription"],
  ])("is none where %s, and says so", async (_, assignments, place, why) => {
    expect(await planned(assignments, "80", place)).toMatchObject({ steps: [], left: [{ why }] });
  });

  it("writes the assignment as it was read, with that one value [policyAssignments, get with identity]", async () => {
    const [step] = (await planned([own])).steps;
    const read = {
      ...own,
      location: "westus",
      identity: { type: "SystemAssigned", principalId: "p", tenantId: "t" },
      systemData: { createdBy: "x" },
      properties: {
        ...own.properties,
        definitionVersion: "57.*.*",
        effectiveDefinitionVersion: "57.56.0",
        instanceId: "i",
        parameters: { other: { value: 1 }, allowedServicePortsInKubernetesClusterPorts: { value: ["443"] } },
      },
    };
    const { scope: _, ...properties } = own.properties;
    expect(assignmentBody(read, step!)).toEqual({
      location: "westus",
      identity: { type: "SystemAssigned" },
      properties: {
        ...properties,
        definitionVersion: "57.*.*",
        parameters: {
          other: { value: 1 },
          allowedservicePortsInKubernetesClusterPorts: { value: ["80", "443"] },
        },
      },
    });
    const users = {
      type: "UserAssigned",
      userAssignedIdentities: { "/id": { principalId: "p", clientId: "c" } },
    };
    expect(assignmentBody({ ...read, identity: users }, step!)).toMatchObject({
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
    });
  });

  it("compares letter by letter: a pattern that differs in case alone is another one", () => {
    const step = { before: { a: "^\\s$" }, after: { a: "^\\S$" } };
    expect(compareValues({ ...step, kind: "parameter" }, { a: "^\\s$" })).toBe("same");
    expect(compareValues({ ...step, kind: "parameter" }, { a: "^\\S$" })).toBe("on");
    expect(compareValues({ ...step, kind: "cluster" }, { a: "^\\s$" })).toBe("on");
  });

  it("has commands that make and undo it, and a code that is bound to its assignment", async () => {
    const [step] = (await planned([own])).steps;
    expect(commandOf(step!)).toContain('= {value: ["80","443"]}');
    expect(undoCommandOf(step!)).toContain('= {value: ["443"]}');
    const code = (id: string) =>
      enablementCode({
        ...enablementOf(),
        steps: [{ ...step!, assignment: { ...step!.assignment!, id } }],
      });
    expect(code("/a")).not.toBe(code("/b"));
  });
});
