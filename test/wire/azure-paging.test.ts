import { afterEach, describe, expect, it } from "vitest";
import { rowsOf } from "../alert-readings.ts";
import { portTo, type Scripted, scriptedAzure } from "../azure-stand-in.ts";

const subscription = "00000000-0000-0000-0000-000000000001";
const listed = { value: [{ subscriptionId: subscription, displayName: "one", state: "Enabled" }] };
const columns = ["id", "subscriptionId", "alertType"].map((name) => ({ name, type: "string" }));
const alert = (name: string) => [
  `/subscriptions/${subscription}/providers/Microsoft.Security/locations/x/alerts/${name}`,
  subscription,
  "K8S_ExposedDashboard",
];
const table = (names: string[], more: object = {}) => ({
  totalRecords: names.length,
  count: names.length,
  resultTruncated: "false",
  data: { columns, rows: names.map(alert) },
  ...more,
});

type GraphBody = {
  subscriptions?: string[];
  managementGroups?: string[];
  options: { $skipToken?: string; $top: number };
};

describe("reading to the last page", () => {
  let server: Awaited<ReturnType<typeof scriptedAzure>> | undefined;
  afterEach(() => server?.stop());
  const start = async (say: (path: string, body: GraphBody, url: URL) => Scripted) => {
    server = await scriptedAzure((path, body, url) => say(path, body as GraphBody, url));
    return server;
  };
  const graph = (say: (body: GraphBody, url: URL) => Scripted, subscriptions: object = listed) =>
    start((path, body, url) => (path.includes("ResourceGraph") ? say(body, url) : { body: subscriptions }));
  const names = async (azure: ReturnType<typeof portTo>["azure"]) =>
    (await rowsOf(azure)).value.map(({ id }) => id);

  it("sends the token to no other host, whatever a next link says", async () => {
    const { url, requests } = await start(() => ({
      body: { value: [], nextLink: "https://example.com/subscriptions" },
    }));
    await expect(portTo(url).azure.subscriptions()).rejects.toMatchObject({ code: "ForeignNextLink" });
    expect(requests).toHaveLength(1);
  });

  it("reads every subscription of a name that is in scope: Azure lets several have the same one", async () => {
    const value = ["Production", "production ", "Other"].map((displayName, index) => ({
      subscriptionId: `00000000-0000-0000-0000-00000000000${index}`,
      displayName,
      state: "Enabled",
    }));
    const { url } = await start(() => ({ body: { value } }));
    const { azure } = portTo(url, { subscriptions: ["Production", "Gone"] });
    const read = await azure.subscriptions();
    expect(read.value.map(({ name }) => name)).toEqual(["Production", "production"]);
    expect(read.unread).toMatchObject([{ id: "Gone", why: "gone" }]);
  });

  it("begins again where rows were deleted between two pages: another one may have moved onto the page that was read", async () => {
    let begun = 0;
    const { url } = await graph(({ options: { $skipToken } }) => {
      if ($skipToken === undefined) begun++;
      // "a" is deleted after the first page, and "c" moves onto it.
      const [before, after] = begun === 1 ? [["a", "b"], ["d"]] : [["b", "c"], ["d"]];
      if ($skipToken === undefined)
        return { body: table(before, { totalRecords: begun === 1 ? 4 : 3, $skipToken: "next" }) };
      return { body: table(after, { totalRecords: 3 }) };
    });
    expect(await names(portTo(url).azure)).toEqual(["b", "c", "d"]);
    expect(begun).toBe(2);
  });

  it("ends a list whose next links lead back", async () => {
    const { url } = await start((_, __, asked) => ({
      body: { value: [], nextLink: asked.href.replace(asked.origin, "") },
    }));
    await expect(portTo(url).azure.subscriptions()).rejects.toMatchObject({ code: "NextLinkLoop" });
  });

  it("starts once more from the first page where the skip token expired", async () => {
    let expired = false;
    const { url } = await graph(({ options }) => {
      if (!options.$skipToken) return { body: table(["a"], { totalRecords: 2, $skipToken: "next" }) };
      if (expired) return { body: table(["b"], { totalRecords: 2 }) };
      expired = true;
      return { status: 400, body: { error: { code: "BadRequest", message: "token", details: [] } } };
    });
    const { azure, logged } = portTo(url);
    expect(await names(azure)).toEqual(["a", "b"]);
    expect(logged.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("takes a row that moved between two pages once", async () => {
    const { url } = await graph(({ options }) => ({
      body: options.$skipToken
        ? table(["b", "c"], { totalRecords: 3 })
        : table(["a", "b"], { totalRecords: 3, $skipToken: "next" }),
    }));
    expect(await names(portTo(url).azure)).toEqual(["a", "b", "c"]);
  });

  it("does not take a silently cut answer for the whole", async () => {
    for (const cut of [{ resultTruncated: "true" }, { totalRecords: 5000 }]) {
      const { url, stop } = await graph(() => ({ body: table(["a"], cut) }));
      await expect(rowsOf(portTo(url).azure)).rejects.toMatchObject({
        code: "ResultTruncated",
        retryable: true,
      });
      await stop();
    }
    server = undefined;
  });

  it("reads answers in the form of objects too", async () => {
    const [id, , alertType] = alert("a");
    const { url } = await graph(() => ({
      body: table(["a"], { data: [{ id, subscriptionId: subscription, alertType }] }),
    }));
    expect(await names(portTo(url).azure)).toEqual(["a"]);
  });

  it("names no subscription in one query for all, and asks for pages of a thousand", async () => {
    const bodies: GraphBody[] = [];
    const { url, agents } = await graph((body) => {
      bodies.push(body);
      return { body: table(["a"]) };
    });
    await rowsOf(portTo(url).azure);
    expect(bodies).toMatchObject([{ options: { $top: 1000, resultFormat: "table" } }]);
    expect(bodies[0]?.subscriptions).toBeUndefined();
    expect(agents.every((agent) => agent.startsWith("breakwater/"))).toBe(true);
  });

  it("names the subscriptions in groups below 300 where one query does not reach them all", async () => {
    const many = Array.from({ length: 700 }, (_, index) => ({
      subscriptionId: `s-${index}`,
      displayName: `${index}`,
    }));
    const bodies: GraphBody[] = [];
    const { url } = await graph(
      (body) => {
        bodies.push(body);
        const rows = (body.subscriptions ?? []).map((id) => [`/subscriptions/${id}/x`, id, "K8S_X"]);
        return {
          headers: { "x-ms-tenant-subscription-limit-hit": String(!body.subscriptions) },
          body: table([], { totalRecords: rows.length, data: { columns, rows } }),
        };
      },
      { value: many },
    );
    const read = await rowsOf(portTo(url).azure);
    expect(read.value).toHaveLength(700);
    const groups = bodies
      .filter(({ subscriptions }) => subscriptions)
      .map(({ subscriptions }) => subscriptions!.length);
    expect(groups).toEqual([290, 290, 120]);
  });

  it("asks management groups by their name", async () => {
    const bodies: GraphBody[] = [];
    const descendant = { name: subscription, type: "Microsoft.Management/managementGroups/subscriptions" };
    const { url } = await start((path, body) => {
      if (path.includes("descendants")) return { body: { value: [descendant] } };
      if (!path.includes("ResourceGraph")) return { body: listed };
      bodies.push(body);
      return { body: table(["a"]) };
    });
    await rowsOf(portTo(url, { managementGroups: ["mg-one"] }).azure);
    expect(bodies).toMatchObject([{ managementGroups: ["mg-one"] }]);
  });

  it("holds the next query back until the quota is filled up again", async () => {
    const left: number[] = [];
    let quota = 1;
    const { url } = await graph(({ options }) => {
      left.push(quota);
      quota = 0;
      // The server's own second, a little shorter than the one that it names.
      setTimeout(() => {
        quota = 1;
      }, 950);
      const headers = { "x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:01" };
      const first = { totalRecords: 2, $skipToken: "next" };
      return { headers, body: options.$skipToken ? table(["b"], { totalRecords: 2 }) : table(["a"], first) };
    });
    expect(await names(portTo(url).azure)).toEqual(["a", "b"]);
    expect(left).toEqual([1, 1]);
  });

  it("says that a claims challenge could not be met", async () => {
    const challenge =
      'Bearer authorization_uri="https://login.example", error="insufficient_claims", claims="***"';
    const { url } = await start(() => ({
      status: 401,
      headers: { "www-authenticate": challenge },
      text: "",
    }));
    await expect(portTo(url).azure.subscriptions()).rejects.toMatchObject({
      status: 401,
      code: "ClaimsChallenge",
    });
  });
});
