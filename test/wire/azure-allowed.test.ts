import { afterEach, describe, expect, it } from "vitest";
import { rowsOf } from "../alert-readings.ts";
import { portTo, type Scripted, scriptedAzure } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const subscription = "00000000-0000-0000-0000-000000000001";
const listed = { value: [{ subscriptionId: subscription, displayName: "one", state: "Enabled" }] };
const security = `/subscriptions/${subscription}/providers/Microsoft.Security`;
const alertId = `${security}/locations/centralus/alerts/a1`;
const cluster = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks`;
const none = { totalRecords: 0, count: 0, resultTruncated: "false", data: { columns: [], rows: [] } };
const table = (row: Record<string, unknown>) => ({
  ...none,
  totalRecords: 1,
  data: { columns: Object.keys(row).map((name) => ({ name, type: "string" })), rows: [Object.values(row)] },
});

type GraphBody = { query: string; subscriptions?: string[]; options: { $skipToken?: string } };
type Say = (path: string, body: GraphBody, url: URL, authorization?: string) => Scripted | undefined;

describe("what Azure's documentation allows", () => {
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => void (await Promise.all(running.splice(0).map((one) => one.stop()))));
  /** A Resource Manager with one subscription and nothing in it, but for what `say` says. */
  const start = async (say: Say) => {
    const server = await scriptedAzure((path, body, url, authorization) => {
      const usual = path === "/subscriptions" ? listed : path.includes("ResourceGraph") ? none : {};
      return say(path, body as GraphBody, url, authorization) ?? { body: usual };
    });
    running.push(server);
    return { ...server, azure: portTo(server.url).azure };
  };
  const first = (say: (url: URL) => Scripted) =>
    start((path, _, url) => (path === "/subscriptions" ? say(url) : undefined));
  const graph = (say: (body: GraphBody) => Scripted | undefined) =>
    start((path, body) => (path.includes("ResourceGraph") ? say(body) : undefined));

  it.each([
    ["200 with nothing", { text: "" }],
    ["200 with null", { text: "null" }],
    ["202 with a word", { status: 202, body: { status: "Accepted" } }],
  ])("takes a change of state answered by %s for done, in all four ways", async (_, answer) => {
    const { azure, requests } = await start((path) => (path.startsWith(alertId) ? answer : undefined));
    for (const action of ["take", "dismiss", "resolve", "reopen"] as const)
      await azure.changeAlert(alertId, action);
    expect(requests.filter((one) => one.startsWith("POST"))).toHaveLength(4);
  });

  it("does not take a proxy's page for a changed state", async () => {
    const { azure } = await start((path) =>
      path.startsWith(alertId) ? { headers: { "content-type": "text/html" }, text: "<html>" } : undefined,
    );
    for (const action of ["take", "dismiss"] as const)
      await expect(azure.changeAlert(alertId, action)).rejects.toMatchObject({ code: "InvalidBody" });
  });

  it.each([
    ["an empty body", { text: "" }, "InvalidBody"],
    ["a page of a proxy", { text: "<html>", headers: { "content-type": "text/html" } }, "InvalidBody"],
    ["a list without a record around it", { body: [] }, "InvalidBody"],
    ["an error under a 200", { body: { error: { code: "InternalError", message: "m" } } }, "InternalError"],
    [
      "a redirect to a sign-in page",
      { status: 302, text: "", headers: { location: "https://example.com/" } },
      "Http302",
    ],
  ])("never reads %s as an empty list", async (_, answer, code) => {
    const { azure } = await first(() => answer);
    await expect(azure.subscriptions()).rejects.toMatchObject({ name: "UpstreamError", code });
  });

  it.each([
    ["a value that is null", { body: { value: null } }],
    ["no value, as writers do that leave out what is empty", { body: {} }],
    ["204", { status: 204, text: "" }],
  ])("reads %s as an empty list", async (_, answer) => {
    const { azure } = await first(() => answer);
    expect((await azure.subscriptions()).value).toEqual([]);
  });

  it("reads a body that begins with a byte order mark", async () => {
    const { azure } = await first(() => ({ text: `\uFEFF${JSON.stringify(listed)}` }));
    expect((await azure.subscriptions()).value).toHaveLength(1);
  });

  it("follows a redirect on the same host, and takes the token to no other", async () => {
    const foreign = await start(() => undefined);
    const { azure } = await first(({ searchParams, pathname, search }) => {
      if (searchParams.has("foreign"))
        return { status: 307, headers: { location: `${foreign.url}/subscriptions` } };
      return { status: 307, headers: { location: `${pathname}${search}&foreign=1` } };
    });
    await expect(azure.subscriptions()).rejects.toMatchObject({ code: "Http307", retryable: false });
    expect(foreign.requests).toEqual([]);
  });

  it("asks at its own endpoint for pages that Resource Manager names by its public name", async () => {
    const other = { subscriptionId: "s-2", displayName: "two", state: "Warned" };
    const { azure } = await first(({ searchParams }) => ({
      body: searchParams.has("$skiptoken")
        ? { value: [other, ...listed.value] }
        : {
            ...listed,
            nextLink:
              "https://management.azure.com:443/subscriptions?api-version=2022-12-01&$skiptoken=a%2Fb",
          },
    }));
    // The list changed between the pages: the first subscription is on both.
    expect((await azure.subscriptions()).value.map(({ name, state }) => [name, state])).toEqual([
      ["one", "Enabled"],
      ["two", "Warned"],
    ]);
  });

  it("ends a result whose skip tokens lead round in a circle", async () => {
    let asked = 0;
    const { azure } = await graph(() => ({ body: { ...none, $skipToken: `t${asked++ % 3}` } }));
    await expect(rowsOf(azure)).rejects.toMatchObject({ code: "SkipTokenLoop" });
    expect(asked).toBe(4);
  });

  it.each([
    ["no data at all", {}],
    ["a count of rows and none of them", { totalRecords: 3, data: null }],
    ["a truncation as a boolean", { ...none, resultTruncated: true }],
  ])("does not read %s as a result without rows", async (_, body) => {
    const { azure } = await graph(() => ({ body }));
    await expect(rowsOf(azure)).rejects.toMatchObject({ status: 200, retryable: true });
  });

  it("reads pages without rows, totals, facets or order of columns", async () => {
    const row = {
      type: "x",
      alertType: "K8S_X",
      extra: { a: [1] },
      SUBSCRIPTIONID: subscription,
      Id: alertId,
    };
    const { azure } = await graph(({ options: { $skipToken } }) => ({
      body:
        $skipToken === undefined
          ? { data: null, totalRecords: 0, facets: null, $skipToken: "a" }
          : $skipToken === "a"
            ? { ...none, totalRecords: null, facets: [], $skipToken: "b" }
            : { ...table(row), totalRecords: undefined, $skipToken: null },
    }));
    expect((await rowsOf(azure)).value).toMatchObject([{ id: "a1", type: "K8S_X" }]);
  });

  it("says that all is denied where Resource Graph finds no subscription that it may show", async () => {
    const details = [{ code: "NoValidSubscriptionsInQueryRequest", message: "There must be at least one." }];
    const { azure } = await graph(() => ({
      status: 400,
      body: { error: { code: "BadRequest", message: "Please provide below info.", details } },
    }));
    expect((await azure.coverage()).unread).toMatchObject([
      { why: "denied", detail: expect.stringContaining("There must be at least one.") },
    ]);
  });

  it("names the subscriptions where one of the management groups may not be asked", async () => {
    const bodies: GraphBody[] = [];
    const { url } = await start((path, body) => {
      if (path.includes("mg-one/descendants"))
        return { body: { value: [{ name: subscription, type: "/subscriptions" }] } };
      if (path.includes("descendants")) return { status: 403, body: { code: "AuthorizationFailed" } };
      if (!path.includes("ResourceGraph")) return undefined;
      bodies.push(body);
      if (!body.subscriptions) return { status: 403, body: { error: { code: "AccessDenied" } } };
      return { body: table({ id: alertId, subscriptionId: subscription, alertType: "K8S_X" }) };
    });
    const { azure } = portTo(url, { managementGroups: ["mg-one", "mg-two"] });
    for (const _ of [1, 2])
      expect(await rowsOf(azure)).toMatchObject({
        value: [{ id: "a1" }],
        unread: [{ name: "mg-two", why: "denied", group: true }],
      });
    expect(bodies.map(({ subscriptions }) => subscriptions)).toEqual([
      undefined,
      [subscription],
      [subscription],
    ]);
  });

  it("holds the subscription's plan for a cluster that has none of its own", async () => {
    const { azure } = await start((path, body) => {
      if (path.startsWith(cluster)) return { status: 404, body: { error: { code: "ResourceNotFound" } } };
      if (path.endsWith("/pricings"))
        return {
          body: {
            value: [{ name: "Containers", properties: { pricingTier: "Standard", extensions: null } }],
          },
        };
      if (body?.query.includes("managedclusters"))
        return { body: table({ id: cluster, pools: null, addons: null }) };
      return undefined;
    });
    const { value, unread } = await azure.coverage();
    expect(unread).toEqual([]);
    expect(value.clusters).toMatchObject([{ name: "aks", nodes: { known: false } }]);
    expect(value.clusters[0]?.plan).toBeUndefined();
    expect(value.subscriptions[0]?.plan.plan).toMatchObject({ known: true, value: "on" });
  });

  it("reads findings after a byte order mark, and asks again for an answer without data", async () => {
    const row = {
      id: `${cluster}/x`,
      subscriptionId: subscription,
      resourceType: "k8s-container",
      status: "Healthy",
    };
    const pages = [
      "{}",
      `\uFEFF${JSON.stringify(table({ ...row, about: { Digest: `sha256:${"a".repeat(64)}` } }))}`,
    ];
    const { azure } = await graph(({ query }) =>
      query.includes("summarize findings")
        ? { body: table({ id: "individual", findings: "1" }) }
        : query.includes("nodeResourceGroup")
          ? { body: none }
          : { text: pages.shift() },
    );
    const { take, byKey } = gathered();
    const { models, unread } = await azure.findings(take);
    expect([models[0], unread]).toEqual([{ model: "individual", rows: 1 }, []]);
    expect(byKey().size).toBe(1);
  });

  it("says that findings could not be read where their skip tokens lead round in a circle", async () => {
    let asked = 0;
    const { azure } = await graph(({ query }) =>
      query.includes("summarize findings")
        ? { body: table({ id: "individual", findings: 1 }) }
        : query.includes("nodeResourceGroup")
          ? { body: none }
          : { body: { ...none, $skipToken: `t${asked++ % 2}` } },
    );
    const { models } = await azure.findings(() => {});
    expect(models[0]).toMatchObject({
      model: "individual",
      error: expect.stringContaining("no way to the rest"),
    });
  });

  it("asks for another token where Azure refuses one that has not expired, and goes on with it", async () => {
    const said: (string | undefined)[] = [];
    const { azure, requests } = await start((_, __, ___, authorization) => {
      said.push(authorization);
      return authorization === said[0]
        ? { status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "m" } } }
        : undefined;
    });
    await rowsOf(azure);
    await azure.changeAlert(alertId, "dismiss");
    expect(said.filter((one) => one === said[0])).toHaveLength(1);
    expect(new Set(said).size).toBe(2);
    expect(requests.at(-1)).toMatch(/dismiss$/);
  });

  it.each([
    ["tells them", 200, { known: true, value: [{ kind: "sensor", englishName: true }] }],
    ["may not be asked", 403, { known: false }],
    ["knows of no such list", 404, { known: true, value: [] }],
  ])("knows assignments of management groups where the subscription %s", async (_, status, expected) => {
    const definition =
      "/providers/Microsoft.Authorization/policyDefinitions/64DEF556-fbad-4622-930e-72d1d5589bf5";
    const assignment = {
      id: "/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.Authorization/policyAssignments/x",
      properties: { displayName: "Sensor for everybody", policyDefinitionId: definition, parameters: null },
    };
    const filters: (string | null)[] = [];
    const { azure } = await start((path, body, url) => {
      if (path.endsWith("/policyAssignments")) {
        filters.push(url.searchParams.get("$filter"));
        return { status, body: { value: [assignment], error: status > 200 ? { code: "X" } : undefined } };
      }
      const plan = {
        name: "Containers",
        properties: { pricingTier: "Standard", resourcesCoverageStatus: "FullyCovered" },
      };
      if (path.endsWith("/pricings")) return { body: { value: [plan] } };
      return body?.query.includes("managedclusters") ? { body: table({ id: cluster }) } : undefined;
    });
    const { value } = await azure.coverage();
    expect(value.subscriptions[0]?.provisioning).toMatchObject(expected);
    expect(filters).toEqual(["atScope()"]);
  });

  it("does not read findings that may not be seen as none", async () => {
    const other = { subscriptionId: "s-2", displayName: "two", state: "Enabled" };
    const about = { Digest: `sha256:${"a".repeat(64)}` };
    const row = { subscriptionId: subscription, resourceType: "k8s-container", status: "Healthy", about };
    const actions = ["Microsoft.Security/pricings/read"];
    const { azure } = await start((path, body) => {
      if (path === "/subscriptions") return { body: { value: [...listed.value, other] } };
      if (path.endsWith("/permissions")) return { body: { value: [{ actions, notActions: [] }] } };
      if (body?.query?.includes("summarize findings"))
        return { body: table({ id: "individual", findings: "1" }) };
      if (body?.query?.includes("microsoft.security/assessments'"))
        return { body: table({ id: `${cluster}/x`, ...row }) };
      return undefined;
    });
    expect((await azure.findings(gathered().take)).unread).toEqual([
      { id: "s-2", name: "two", why: "denied", detail: "missing: Microsoft.Security/assessments/read" },
    ]);
  });

  it("names the subscriptions whose assessments of a control could not be read", async () => {
    const ids = Array.from({ length: 292 }, (_, index) => `s-${String(index).padStart(3, "0")}`);
    const [first = "", last = ""] = [ids[0], ids.at(-1)];
    const { url } = await start((path, body) => {
      if (path === "/subscriptions")
        return { body: { value: ids.map((subscriptionId) => ({ subscriptionId })) } };
      if (!body?.query) return undefined;
      if (body.subscriptions?.includes(last)) return { status: 403, body: { code: "AccessDenied" } };
      const packed = [["k", "t", "Assessment", "Passed", null, "1", null]];
      return { body: table({ id: first, subscriptionId: first, packed, total: 1 }) };
    });
    const { azure } = portTo(url, { subscriptions: ids });
    const asked = { within: ids.slice(0, 200).concat(last), expected: 2 };
    const answer = await azure.controlAssessments("cis", "1.1", asked);
    expect(answer.value).toMatchObject([{ state: "passed", failed: 0, passed: 1 }]);
    expect(answer.unread).toMatchObject([{ id: last, why: "denied" }]);
  });

  it("reads findings of the other subscriptions where none of a whole group may be shown", async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `s-${String(index).padStart(3, "0")}`);
    const digest = { Digest: `sha256:${"a".repeat(64)}` };
    const columns = ["id", "subscriptionId", "resourceType", "status", "about"].map((name) => ({ name }));
    const rows = ids
      .slice(0, 290)
      .map((id) => [`/subscriptions/${id}/x`, id, "k8s-container", "Healthy", digest]);
    const { url } = await start((path, body) => {
      if (path === "/subscriptions")
        return { body: { value: ids.map((subscriptionId) => ({ subscriptionId })) } };
      // The last one may be asked for its plan all the same: that says nothing about its findings.
      if (/s-29[0-8]\//.test(path)) return { status: 403, body: { error: { code: "AuthorizationFailed" } } };
      if (!path.includes("ResourceGraph")) return undefined;
      const details = [{ code: "NoValidSubscriptionsInQueryRequest", message: "m" }];
      if (body.subscriptions?.includes("s-290"))
        return { status: 400, body: { error: { code: "BadRequest", message: "m", details } } };
      if (body.query.includes("summarize findings"))
        return { body: table({ id: "individual", findings: rows.length }) };
      return { body: { ...none, totalRecords: rows.length, data: { columns, rows } } };
    });
    const { take, byKey } = gathered();
    const { azure } = portTo(url, { subscriptions: ids });
    const fresh = gathered();
    await azure.freshFindings(fresh.take, "2026-11-20T00:00:00.000Z");
    expect(fresh.byKey().size).toBe(1);
    const read = await azure.findings(take);
    expect(read.models[0]).toEqual({ model: "individual", rows: 290 });
    expect(read.unread.map(({ id, why }) => [id, why])).toEqual(ids.slice(290).map((id) => [id, "denied"]));
    expect(byKey().size).toBe(1);
  });
});
