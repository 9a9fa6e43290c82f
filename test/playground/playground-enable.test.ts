import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { azureStandIn } from "../azure-stand-in.ts";

let azure: AzureStandIn;
let bearer = "";
beforeAll(async () => {
  azure = await azureStandIn({ estate: demoEstate(new Date("2026-11-23T12:00:00Z")) });
  const token = new URL(azure.identityEndpoint);
  token.search = "?resource=https://management.azure.com&api-version=2019-08-01";
  const answer = await fetch(token, { headers: { "x-identity-header": azure.identityHeader } });
  bearer = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => azure.stop());

async function ask(method: string, path: string, version: string, body?: unknown, ifMatch?: string) {
  const url = new URL(encodeURI(path), azure.resourceManagerUrl);
  url.searchParams.set("api-version", version);
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      ...(ifMatch && { "if-match": ifMatch }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers.
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
}
const demo = () => azure.estate.clusters.find(({ name }) => name === "aks-demo")!;
const sandbox = () =>
  azure.estate.subscriptions.find(({ displayName }) => displayName === "Contoso Sandbox")!;
const versions = { cluster: "2025-10-01", policy: "2023-04-01", role: "2022-04-01", standard: "2024-08-01" };

describe("a managed cluster is changed as a whole", () => {
  it("with an eTag that every change changes, and pods that come later", async () => {
    const { body: read } = await ask("GET", demo().id, versions.cluster);
    expect(read.eTag).toMatch(/^[0-9a-f-]{36}$/);
    const { eTag, ...cluster } = read;
    cluster.properties = { ...cluster.properties, addonProfiles: { azurepolicy: { enabled: true } } };
    expect((await ask("PUT", demo().id, versions.cluster, cluster, "other")).status).toBe(412);
    const changed = await ask("PUT", demo().id, versions.cluster, cluster, eTag);
    expect(changed).toMatchObject({ status: 200, body: { properties: { provisioningState: "Updating" } } });
    expect(changed.headers.get("azure-asyncoperation")).toContain("/operations/");
    expect((await ask("PUT", demo().id, versions.cluster, cluster)).body.error.code).toBe(
      "OperationNotAllowed",
    );
    expect((await ask("GET", demo().id, versions.cluster)).body.eTag).not.toBe(eTag);
    expect((await ask("GET", demo().id, "2024-02-01")).body).not.toHaveProperty("eTag");
  });

  it.each<[string, object | undefined, string]>([
    ["nothing", undefined, "InvalidParameter"],
    [
      "a sensor without a workspace",
      { securityProfile: { defender: { securityMonitoring: { enabled: true } } } },
      "InvalidParameter",
    ],
    ["another DNS prefix", { dnsPrefix: "other" }, "PropertyChangeNotAllowed"],
  ])("refuses %s", async (_, change, code) => {
    const [web] = azure.estate.clusters;
    const body = change && { location: web!.location, properties: { dnsPrefix: web!.name, ...change } };
    expect((await ask("PUT", web!.id, versions.cluster, body)).body.error.code).toBe(code);
  });
});

describe("assignments", () => {
  it("of a policy get an identity of their own, in a location", async () => {
    const path = `${sandbox().id}/providers/Microsoft.Authorization/policyAssignments/one`;
    const body = {
      location: "japaneast",
      identity: { type: "SystemAssigned" },
      properties: {
        displayName: "One",
        policyDefinitionId: "/providers/Microsoft.Authorization/policyDefinitions/x",
      },
    };
    const { location: _, ...nowhere } = body;
    expect((await ask("PUT", path, versions.policy, nowhere)).status).toBe(400);
    const made = await ask("PUT", path, versions.policy, body);
    expect(made).toMatchObject({ status: 201, body: { identity: { principalId: expect.any(String) } } });
    const { principalId } = made.body.identity;
    const roles = `${sandbox().id}/providers/Microsoft.Authorization/roleAssignments`;
    const role = {
      properties: { roleDefinitionId: "/roles/r", principalId, principalType: "ServicePrincipal" },
    };
    const name = (end: string) => `${roles}/00000000-0000-0000-0000-00000000000${end}`;
    expect((await ask("PUT", name("1"), versions.role, role)).status).toBe(201);
    expect((await ask("PUT", name("2"), versions.role, role)).body.error.code).toBe("RoleAssignmentExists");
  });

  it("of a standard measure the subscription by it from then on", async () => {
    const scope = `${sandbox().id}/providers/Microsoft.Security`;
    const { body: offered } = await ask("GET", `${scope}/securityStandards`, versions.standard);
    const cis = offered.value.find(({ properties }: { properties: { displayName: string } }) =>
      properties.displayName.startsWith("CIS Azure Kubernetes"),
    );
    const properties = {
      displayName: "CIS",
      assignedStandard: { id: cis.id },
      effect: "Audit",
      excludedScopes: [],
    };
    const made = await ask("PUT", `${scope}/standardAssignments/${cis.name}`, versions.standard, {
      properties,
    });
    expect(made).toMatchObject({ status: 201, body: { name: cis.name, properties } });
    const { subscriptionId } = sandbox();
    expect(azure.estate.standards).toContainEqual({
      subscriptionId,
      name: expect.stringMatching(/^CIS-Azure-K/),
    });
    const { body: listed } = await ask("GET", `${scope}/standardAssignments`, versions.standard);
    expect(listed.value.filter(({ name }: { name: string }) => name === cis.name)).toHaveLength(1);
  });
});
