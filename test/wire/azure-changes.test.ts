import { afterEach, describe, expect, it } from "vitest";
import { provisioningDefinitions } from "../../src/domain/catalogue/provisioning.ts";
import type { PlannedStep } from "../../src/domain/enablement/enablement.ts";
import { portTo, type Scripted, scriptedAzure } from "../azure-stand-in.ts";
import { planStep } from "../enablements.ts";
import { exemptionOf } from "../exemptions.ts";

const subscription = { id: "s1", name: "prod-east" };
const on = {
  kind: "cluster" as const,
  id: "/subscriptions/s1/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks",
  name: "aks",
};
const addon: PlannedStep = {
  ...{ kind: "cluster", on, subscription },
  before: { "policy-addon": "off" },
  after: { "policy-addon": "on" },
};
const aks = { id: on.id, name: "aks", location: "westeurope", eTag: "t1", properties: { dnsPrefix: "aks" } };

describe("changes in Azure, whatever it is allowed to answer", () => {
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => void (await Promise.all(running.splice(0).map((one) => one.stop()))));
  const start = async (say: (method: "GET" | "PUT", path: string) => Scripted) => {
    const server = await scriptedAzure((path, body) => say(body === undefined ? "GET" : "PUT", path));
    running.push(server);
    const puts = () => server.requests.filter((one) => one.startsWith("PUT"));
    return { azure: portTo(server.url).azure, puts };
  };

  it.each<[string, Scripted]>([
    ["nothing", { text: "" }],
    ["null", { text: "null" }],
    ["204", { status: 204, text: "" }],
    ["a list", { body: [aks] }],
    ["an error under a 200", { body: { error: { code: "InternalServerError", message: "m" } } }],
  ])(
    "a cluster that is answered as %s is not taken for one with all off, and not written",
    async (_, answer) => {
      const { azure, puts } = await start(() => answer);
      await expect(azure.turnOn(addon)).rejects.toMatchObject({ name: "UpstreamError", system: "azure" });
      await expect(azure.valuesNow(addon)).rejects.toThrow();
      expect(puts()).toEqual([]);
    },
  );

  it("a cluster without an eTag is not written: someone else's change could be lost", async () => {
    const { azure, puts } = await start(() => ({ body: { ...aks, eTag: null } }));
    await expect(azure.turnOn(addon)).rejects.toMatchObject({ code: "NoETag", retryable: false });
    expect(puts()).toEqual([]);
  });

  it.each<[string, Scripted]>([
    ["200 with the cluster", { body: aks }],
    ["201", { status: 201, body: aks }],
    [
      "202 with an operation",
      { status: 202, text: "", headers: { "azure-asyncoperation": "https://management.azure.com/o/1" } },
    ],
  ])(
    "a change of a cluster that is answered by %s is made, and its evidence is looked for",
    async (_, answer) => {
      const { azure, puts } = await start((method) => (method === "PUT" ? answer : { body: aks }));
      expect(await azure.turnOn(addon)).toEqual({ kind: "changed", failed: {} });
      expect(puts()).toHaveLength(1);
    },
  );

  describe("a suppression that Azure only accepted", () => {
    const rule = exemptionOf();
    const kept = { id: rule.resource, properties: { expirationDateUtc: "2026-12-01T19:50:47.0836331Z" } };
    it.each<[string, Scripted]>([
      ["202", { status: 202, text: "", headers: { location: "https://management.azure.com/o/1" } }],
      ["an empty 200", { text: "" }],
    ])("by %s is in force once it can be read", async (_, answer) => {
      const { azure } = await start((method) => (method === "PUT" ? answer : { body: kept }));
      expect(await azure.putExemption(rule, "why")).toEqual({ expires: "2026-12-01T19:50:47.083Z" });
    });

    it("and can't be read yet is tried again", async () => {
      const { azure } = await start((method) =>
        method === "PUT"
          ? { status: 202, text: "" }
          : { status: 404, text: "<html>Not found</html>", headers: { "content-type": "text/html" } },
      );
      await expect(azure.putExemption(rule, "why")).rejects.toMatchObject({ status: 404, retryable: true });
    });
  });

  it("a role on one resource group is no role on the subscription", async () => {
    const { id, names, roles } = provisioningDefinitions.find(({ kind }) => kind === "policy-addon")!;
    const assignment = { name: names[0], identity: { principalId: "p1" } };
    const path = "/subscriptions/s1/providers/Microsoft.Authorization";
    const given = (scope: string) =>
      roles.map((role) => ({
        id: `${scope}/providers/Microsoft.Authorization/roleAssignments/1`,
        properties: { roleDefinitionId: `${path}/roleDefinitions/${role}`, scope },
      }));
    const rolesAt = async (scope: string) => {
      const { azure } = await start((_, asked) => ({
        body: asked.includes("roleAssignments")
          ? { value: given(scope) }
          : { ...assignment, properties: { policyDefinitionId: `/providers/x/${id}` } },
      }));
      const after = { assignment: names[0]!, roles: "assigned" };
      return (await azure.valuesNow({ ...planStep, kind: "provisioning", installs: "policy-addon", after }))
        .roles;
    };
    expect(await rolesAt("/subscriptions/s1/resourceGroups/g")).toBe("none");
    expect(await rolesAt("/subscriptions/s1")).toBe("assigned");
    expect(await rolesAt("/providers/Microsoft.Management/managementGroups/root")).toBe("assigned");
  });

  it("how long to wait for a command may be a time", async () => {
    const { azure } = await start(() => ({
      status: 202,
      text: "",
      headers: {
        location: "https://management.azure.com/o/1",
        date: "Mon, 23 Nov 2026 08:00:00 GMT",
        "retry-after": "Mon, 23 Nov 2026 08:00:30 GMT",
      },
    }));
    const asked = { command: "kubectl get pods", files: [] };
    expect(await azure.startCommand(on.id, asked)).toMatchObject({ retryAfter: 30 });
  });
});
