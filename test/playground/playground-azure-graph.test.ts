import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Reply, type Visitor, visit } from "../../playground/azure/visitor.ts";
import { changeAlert, estateOf, newAlert } from "../../playground/estate/estate.ts";

type Answer = {
  totalRecords: number;
  count: number;
  resultTruncated: string;
  $skipToken?: string;
  data: Record<string, unknown>[];
};
const body = (reply: Reply) => reply.body as Answer;
const codes = (reply: Reply) =>
  (reply.body as { error: { details: { code: string }[] } }).error.details.map((one) => one.code);

let time = new Date("2026-11-23T12:00:00Z");
const estate = estateOf({ subscriptions: 3, alerts: 250, registries: 1 }, time);
let azure: AzureStandIn;
let azureWithQuota: AzureStandIn;
let visitor: Visitor;
const alerts = "securityresources | where type =~ 'Microsoft.Security/locations/alerts'";
const [first, second, third] = estate.subscriptions.map((one) => one.subscriptionId);

beforeAll(async () => {
  azure = await startAzure({ estate, clock: () => time });
  azureWithQuota = await startAzure({ estate, clock: () => time, quota: { requests: 15, seconds: 5 } });
  visitor = await visit(azure);
});
afterAll(async () => {
  visitor.close();
  await Promise.all([azure.stop(), azureWithQuota.stop()]);
});

it("has details of CVEs at the tenant or a management group, and none where subscriptions are listed", async () => {
  const query =
    "securityresources | where type =~ 'microsoft.security/cvedetails' | project name, properties";
  const rows = async (scope = {}) => body(await visitor.query(query, undefined, scope)).data;
  const result = await rows();
  expect(result.length).toBeGreaterThan(0);
  expect(result[0]).toMatchObject({
    name: expect.stringMatching(/^cve-/),
    properties: { cveId: expect.stringMatching(/^CVE-/), cvss: { "4.0": null } },
  });
  expect(await rows({ managementGroups: [estate.tenantId] })).toEqual(result);
  expect(await rows({ subscriptions: [first, second] })).toEqual([]);
  estate.contents.cveDetails = false;
  estate.revision++;
  expect(await rows()).toEqual([]);
  estate.contents.cveDetails = true;
  estate.revision++;
});

async function pages(query: string, options: Record<string, unknown> = {}): Promise<Answer[]> {
  const all: Answer[] = [];
  for (let token: string | undefined; ; ) {
    const answer = body(await visitor.query(query, { ...options, $skipToken: token }));
    all.push(answer);
    token = answer.$skipToken;
    if (!token) return all;
  }
}

describe("Resource Graph's pages", () => {
  it("end with the page that has no token, and hold every row once", async () => {
    const all = await pages(`${alerts} | project id | order by id asc`, { $top: 100 });
    expect(all.map((one) => one.count)).toEqual([100, 100, 50]);
    expect(all.map((one) => one.resultTruncated)).toEqual(["false", "false", "false"]);
    expect(new Set(all.flatMap((one) => one.data.map((row) => row.id))).size).toBe(250);
    expect(all[0]?.totalRecords).toBe(250);
  });

  it("keep the size of the first where a later one names none", async () => {
    const query = `${alerts} | project id`;
    const token = body(await visitor.query(query, { $top: 100 })).$skipToken;
    expect(body(await visitor.query(query, { $skipToken: token })).count).toBe(100);
  });

  it("miss a row where an earlier one has gone meanwhile", async () => {
    const own = estateOf({ alerts: 4, recommendations: false }, time);
    const other = await startAzure({ estate: own, clock: () => time });
    const client = await visit(other);
    const query = `${alerts} | project id, name | order by name asc`;
    const names = own.alerts.map((one) => one.name).sort();
    const one = body(await client.query(query, { $top: 2 }));
    own.alerts.splice(
      own.alerts.findIndex((alert) => alert.name === names[0]),
      1,
    );
    own.revision++;
    const two = body(await client.query(query, { $top: 2, $skipToken: one.$skipToken }));
    expect([...one.data, ...two.data].map((row) => row.name)).toEqual([names[0], names[1], names[3]]);
    client.close();
    await other.stop();
  });

  it("stop silently with limit or take: truncated, and no token", async () => {
    const cut = body(await visitor.query(`${alerts} | project id | take 200`, { $top: 100 }));
    expect([cut.count, cut.totalRecords, cut.resultTruncated, cut.$skipToken]).toEqual([
      100,
      200,
      "true",
      undefined,
    ]);
    const whole = body(await visitor.query(`${alerts} | project id | limit 50`, { $top: 100 }));
    expect([whole.count, whole.resultTruncated]).toEqual([50, "false"]);
  });

  it("stop silently where every column is dynamic", async () => {
    const cut = body(await visitor.query(`${alerts} | project properties`, { $top: 100 }));
    expect([cut.count, cut.resultTruncated, cut.$skipToken]).toEqual([100, "true", undefined]);
  });

  it("refuse a token of another query, another scope, or one that is ten minutes old", async () => {
    const query = `${alerts} | project id`;
    const token = body(await visitor.query(query, { $top: 100 })).$skipToken;
    const options = { $top: 100, $skipToken: token };
    expect((await visitor.query(`${query} `, options)).status).toBe(400);
    expect((await visitor.query(query, options, { subscriptions: [first] })).status).toBe(400);
    expect((await visitor.query(query, { $skipToken: "nonsense" })).status).toBe(400);
    expect((await visitor.query(query, options)).status).toBe(200);
    const before = time;
    time = new Date(time.getTime() + 601_000);
    expect((await visitor.query(query, options)).status).toBe(400);
    time = before;
  });

  it("begin after $skip, and refuse a $top over 1,000", async () => {
    const query = `${alerts} | project name | order by name asc`;
    const [all, rest] = [body(await visitor.query(query)), body(await visitor.query(query, { $skip: 240 }))];
    expect(rest.data).toEqual(all.data.slice(240));
    expect((await visitor.query(query, { $top: 1001 })).status).toBe(400);
  });

  it("are tables where asked", async () => {
    const reply = await visitor.query(`${alerts} | summarize count() by tostring(properties.Status)`, {
      resultFormat: "table",
    });
    expect((reply.body as { data: unknown }).data).toEqual({
      columns: [
        { name: "properties_Status", type: "string" },
        { name: "count_", type: "integer" },
      ],
      rows: [["Active", 250]],
    });
  });
});

describe("Resource Graph's scope", () => {
  it("is everything that the identity sees, the subscriptions named, or a management group", async () => {
    const query = `${alerts} | distinct subscriptionId`;
    const seen = async (scope: Record<string, unknown>) =>
      body(await visitor.query(query, {}, scope)).data.map((row) => row.subscriptionId);
    expect((await seen({})).sort()).toEqual([first, second, third].sort());
    expect(await seen({ subscriptions: [second] })).toEqual([second]);
    expect((await seen({ managementGroups: [estate.tenantId] })).length).toBe(3);
  });

  it("leaves out silently what the identity may not read", async () => {
    const rights = estate.permissions[third!]!;
    delete estate.permissions[third!];
    const answer = body(
      await visitor.query(`${alerts} | distinct subscriptionId`, {}, { subscriptions: [third, first] }),
    );
    expect(answer.data.map((row) => row.subscriptionId)).toEqual([first]);
    estate.permissions[third!] = [
      { ...rights[0]!, notActions: ["Microsoft.Security/locations/alerts/read"] },
    ];
    const kinds = body(
      await visitor.query("securityresources | distinct type", {}, { subscriptions: [third] }),
    );
    expect(kinds.data.map((row) => row.type)).not.toContain("microsoft.security/locations/alerts");
    expect(kinds.data.map((row) => row.type)).toContain("microsoft.security/pricings");
    estate.permissions[third!] = rights;
  });
});

describe("Resource Graph's rows", () => {
  it("have an alert's properties in PascalCase and its type in lower case", async () => {
    const query = `${alerts} | where id =~ '${estate.alerts[0]!.id}'`;
    const row = body(await visitor.query(query)).data[0]!;
    const properties = row.properties as Record<string, unknown>;
    const own = estate.alerts[0]!.properties;
    expect(row.type).toBe("microsoft.security/locations/alerts");
    expect(properties.SystemAlertId).toBe(own.systemAlertId);
    expect(properties.ResourceIdentifiers).toEqual([
      { AzureResourceId: estate.clusters[0]!.id, Type: "AzureResource" },
    ]);
    expect(Object.keys(properties)).toHaveLength(Object.keys(own).length);
    expect(properties.ExtendedProperties).toEqual(own.extendedProperties);
  });

  it("show a change of the estate at once", async () => {
    const added = newAlert(estate, { at: time, number: 9999 });
    const query = `${alerts} | where name == '${added.name}' | project s = tostring(properties.Status)`;
    expect(body(await visitor.query(query)).data).toEqual([{ s: "Active" }]);
    changeAlert(estate, added, { status: "Resolved" });
    expect(body(await visitor.query(query)).data).toEqual([{ s: "Resolved" }]);
    // The other tests count the alerts.
    estate.alerts.splice(estate.alerts.indexOf(added), 1);
    estate.revision++;
  });

  it("have assessments in camelCase, with their metadata and details", async () => {
    const query =
      "securityresources | where type == 'microsoft.security/assessments' | where properties.displayName has 'Defender profile' | take 1 | project s = properties.status.code, v = properties.metadata.severity, i = properties.resourceDetails.Id, t = properties.resourceDetails.ResourceType";
    expect(body(await visitor.query(query)).data).toEqual([
      { s: "Healthy", v: "High", i: estate.clusters[0]!.id, t: "managedclusters" },
    ]);
  });

  it("stand in the tables that Resource Graph has them in", async () => {
    const types = async (table: string) =>
      body(await visitor.query(`${table} | distinct type | order by type asc`)).data.map((row) => row.type);
    expect(await types("Resources")).toEqual([
      "microsoft.containerregistry/registries",
      "microsoft.containerservice/managedclusters",
      "microsoft.operationalinsights/workspaces",
    ]);
    expect(await types("resourcecontainers")).toEqual(["microsoft.resources/subscriptions"]);
    expect(await types("securityresources")).toContain("microsoft.security/assessments/metadata");
    expect(await types("authorizationresources")).toEqual([]);
  });
});

describe("Resource Graph's refusals", () => {
  it("are a BadRequest with details that say what is wrong", async () => {
    const reply = await visitor.query("resources | where nothing == 1");
    expect(reply.status).toBe(400);
    expect((reply.body as { error: { code: string } }).error.code).toBe("BadRequest");
    expect(codes(reply)).toContain("InvalidQuery");
    expect(codes(await visitor.query("resources | lookup resources on id"))).toContain(
      "DisallowedLogicalOperator",
    );
  });

  it("have an answer over 16 MB among them", async () => {
    const wide = "strcat_array(split(tostring(properties), 'a'), tostring(properties))";
    // Not many more rows than it takes: each is a quarter of a megabyte, and every machine has to make them.
    const reply = await visitor.query(`${alerts} | top 100 by name asc | project id, x = ${wide}`);
    expect(codes(reply)).toContain("ResponsePayloadTooLarge");
  });

  it("tell the quota on every answer, and refuse the sixteenth request within five seconds", async () => {
    const client = await visit(azureWithQuota);
    const query = "resources | count";
    const replies: Reply[] = [];
    for (let index = 0; index < 16; index++) replies.push(await client.query(query));
    expect(replies.map((one) => one.status)).toEqual([...Array(15).fill(200), 429]);
    expect(replies[0]?.headers["x-ms-user-quota-remaining"]).toBe("14");
    expect(replies[15]?.headers["retry-after"]).toBe("5");
    expect(replies[15]?.headers["x-ms-user-quota-resets-after"]).toBe("00:00:05");
    const before = time;
    time = new Date(time.getTime() + 5000);
    expect((await client.query(query)).status).toBe(200);
    time = before;
    client.close();
  });
});
