import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Reply, type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { botRole, type Resource } from "../../playground/estate/estate.ts";

const estate = demoEstate(new Date("2026-11-23T12:00:00Z"));
const [production, shop, lab] = estate.subscriptions.map((one) => one.id) as [string, string, string];
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
const error = (reply: Reply) => [reply.status, (reply.body as { error: { code: string } }).error.code];

async function all(path: string, version: string): Promise<Resource[]> {
  const result: Resource[] = [];
  for (let next: string | undefined = `${path}?api-version=${version}`; next; ) {
    const reply: Reply = await visitor.call("GET", next);
    result.push(...value(reply));
    next = (reply.body as { nextLink?: string }).nextLink;
  }
  return result;
}

describe("lists", () => {
  it("come in pages, each alert once", async () => {
    const first = await get(`${production}/${security}/alerts`, "2022-01-01");
    expect(value(first)).toHaveLength(7);
    const ids = (await all(`${production}/${security}/alerts`, "2022-01-01")).map((one) => one.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual(
      estate.alerts
        .map((one) => one.id)
        .filter((id) => id.startsWith(production))
        .sort(),
    );
  });

  it("can be of a resource group or a location", async () => {
    const group = await all(`${production}/resourceGroups/rg-prod-eu/${security}/alerts`, "2022-01-01");
    expect(group.length).toBeGreaterThan(0);
    for (const one of group) expect(one.id).toContain("/resourceGroups/rg-prod-eu/");
    const europe = await all(`${production}/${security}/locations/westeurope/alerts`, "2022-01-01");
    for (const one of europe) expect(one.id).toContain("/locations/westeurope/");
  });

  it("of plans can be filtered by name and mark the deprecated ones", async () => {
    const filter = encodeURIComponent("name in (Containers,KubernetesService)");
    const plans = value(
      await visitor.call(
        "GET",
        `${production}/${security}/pricings?api-version=2024-01-01&$filter=${filter}`,
      ),
    );
    expect(plans.map((one) => one.name)).toEqual(["KubernetesService", "Containers"]);
    expect(plans[0]!.properties).toMatchObject({ deprecated: true, replacedBy: ["Containers"] });
  });

  it("refuse a $skiptoken of another list", async () => {
    const link = (await get(`${production}/${security}/alerts`, "2022-01-01")).body as { nextLink: string };
    const token = new URL(link.nextLink).searchParams.get("$skiptoken");
    const reply = await visitor.call(
      "GET",
      `${shop}/${security}/alerts?api-version=2022-01-01&$skiptoken=${token}`,
    );
    expect(error(reply)).toEqual([400, "InvalidSkipToken"]);
  });
});

describe("alerts", () => {
  it.each([
    ["dismiss", "Dismissed"],
    ["resolve", "Resolved"],
    ["inProgress", "InProgress"],
    ["activate", "Active"],
  ])("%s answers 204 without a body and changes the state, at both scopes", async (verb, state) => {
    const ofGroup = estate.alerts.find((one) => one.id.includes("/resourceGroups/"))!;
    const ofSubscription = estate.alerts.find((one) => !one.id.includes("/resourceGroups/"))!;
    for (const { id } of [ofGroup, ofSubscription]) {
      const reply = await visitor.call("POST", `${id}/${verb}?api-version=2022-01-01`);
      expect([reply.status, reply.text]).toEqual([204, ""]);
      expect(resource(await get(id, "2022-01-01")).properties.status).toBe(state);
    }
  });

  it("know no InProgress and no techniques in the older api-version", async () => {
    const { id } = estate.alerts[0]!;
    expect((await visitor.call("POST", `${id}/inProgress?api-version=2021-11-01`)).status).toBe(400);
    expect(resource(await get(id, "2021-11-01")).properties).not.toHaveProperty("techniques");
  });
});

describe("plans", () => {
  it("are inherited by a registry or cluster that has none of its own", async () => {
    const inherited = resource(await get(`${web}/${security}/pricings/Containers`, "2024-01-01"));
    expect(inherited.properties).toMatchObject({
      inherited: "True",
      inheritedFrom: production,
      pricingTier: "Standard",
    });
    const own = resource(await get(`${demo}/${security}/pricings/Containers`, "2024-01-01"));
    expect(own.properties).toMatchObject({ inherited: "False", inheritedFrom: null });
  });

  it("change by PUT, each extension telling how it went, where the identity may", async () => {
    const path = `${lab}/${security}/pricings/Containers?api-version=2024-01-01`;
    const extensions = [{ name: "ContainerSensor", isEnabled: "True" }];
    const wanted = { properties: { pricingTier: "Standard", extensions } };
    const { subscriptionId } = estate.subscriptions[2]!;
    estate.permissions[subscriptionId] = [botRole()];
    expect(error(await visitor.call("PUT", path, wanted))).toEqual([403, "AuthorizationFailed"]);
    estate.permissions[subscriptionId].push({ ...botRole(), actions: ["*"] });
    const reply = await visitor.call("PUT", path, wanted);
    const result = resource(reply).properties.extensions as {
      name: string;
      operationStatus?: { code: string };
    }[];
    expect(result.find((one) => one.name === "ContainerSensor")?.operationStatus?.code).toBe("Succeeded");
    expect(result).toHaveLength(5);
    expect(error(await visitor.call("PUT", path, { properties: { pricingTier: "Premium" } }))[0]).toBe(400);
  });
});

describe("refusals", () => {
  const silent = "/subscriptions/00000000-0000-4000-a000-000000000000";
  it.each([
    [
      "an unknown subscription",
      `${silent}/${security}/alerts?api-version=2022-01-01`,
      404,
      "SubscriptionNotFound",
    ],
    ["no api-version", `${production}/${security}/alerts`, 400, "MissingApiVersionParameter"],
    [
      "an api-version of another time",
      `${production}/${security}/alerts?api-version=1999-01-01`,
      400,
      "InvalidResourceType",
    ],
    [
      "an unknown type",
      `${production}/${security}/nonsense?api-version=2022-01-01`,
      404,
      "InvalidResourceType",
    ],
    [
      "an unknown alert",
      `${production}/${security}/locations/x/alerts/y?api-version=2022-01-01`,
      404,
      "ResourceNotFound",
    ],
    [
      "an unknown cluster's plan",
      `${production}/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/c/${security}/pricings?api-version=2024-01-01`,
      404,
      "ResourceNotFound",
    ],
    [
      "an unknown filter",
      `${production}/providers/Microsoft.Authorization/policyAssignments?api-version=2023-04-01&$filter=x`,
      400,
      "InvalidFilterInQueryString",
    ],
    [
      "another management group",
      "/providers/Microsoft.Management/managementGroups/other?api-version=2023-04-01",
      403,
      "AuthorizationFailed",
    ],
  ])("%s", async (_, path, status, code) => {
    expect(error(await visitor.call("GET", path))).toEqual([status, code]);
  });

  it("a subscription without rights is not listed, and answers 403", async () => {
    const id = estate.subscriptions[1]!.subscriptionId;
    const rights = estate.permissions[id]!;
    delete estate.permissions[id];
    expect((await all("/subscriptions", "2022-12-01")).map((one) => one.id)).not.toContain(shop);
    expect(error(await get(`${shop}/${security}/pricings`, "2024-01-01"))).toEqual([
      403,
      "AuthorizationFailed",
    ]);
    estate.permissions[id] = rights;
  });

  it("a request without a token that the identity endpoint gave is 401 with a challenge", async () => {
    const reply = await visitor.call("GET", "/subscriptions?api-version=2022-12-01", undefined, {
      authorization: "Bearer made-up",
    });
    expect(error(reply)).toEqual([401, "InvalidAuthenticationToken"]);
    expect(reply.headers["www-authenticate"]).toMatch(/^Bearer authorization_uri=/);
  });

  it("the identity endpoint wants its header, its api-version and a known resource", async () => {
    const ask = async (query: string, header: string) =>
      (await fetch(`${azure.identityEndpoint}?${query}`, { headers: { "X-IDENTITY-HEADER": header } }))
        .status;
    const known = `resource=${azure.resourceManagerUrl}`;
    expect(await ask(`api-version=2019-08-01&${known}`, azure.identityHeader)).toBe(200);
    expect(await ask(`api-version=2019-08-01&${known}`, "wrong")).toBe(401);
    expect(await ask(`api-version=2017-09-01&${known}`, azure.identityHeader)).toBe(400);
    expect(await ask("api-version=2019-08-01&resource=https://example.org", azure.identityHeader)).toBe(400);
  });
});
