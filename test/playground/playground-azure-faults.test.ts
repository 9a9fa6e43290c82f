import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Visitor, visit } from "../../playground/azure/visitor.ts";
import { estateOf } from "../../playground/estate/estate.ts";

const estate = estateOf({ subscriptions: 2, alerts: 4 }, new Date("2026-11-23T12:00:00Z"));
const [one, two] = estate.subscriptions.map((each) => each.id) as [string, string];
const alerts = (subscription: string) =>
  `${subscription}/providers/Microsoft.Security/alerts?api-version=2022-01-01`;
let azure: AzureStandIn;
let visitor: Visitor;

beforeAll(async () => {
  azure = await startAzure({ estate });
  visitor = await visit(azure);
});
afterEach(() => azure.faults.clear());
afterAll(async () => {
  visitor.close();
  await azure.stop();
});

describe("faults", () => {
  it("status answers an error in Azure's shape, with Retry-After, as often as set", async () => {
    azure.faults.add({ kind: "status", status: 429, retryAfter: 7, times: 2 });
    const replies = [];
    for (let index = 0; index < 3; index++) replies.push(await visitor.call("GET", alerts(one)));
    expect(replies.map((reply) => reply.status)).toEqual([429, 429, 200]);
    expect(replies[0]?.headers["retry-after"]).toBe("7");
    expect(replies[0]?.body).toMatchObject({ error: { code: "TooManyRequests" } });
  });

  it("meet one subscription, one method or one path alone", async () => {
    const subscription = estate.subscriptions[0]!.subscriptionId;
    azure.faults.add({ kind: "status", status: 403, match: { subscription } });
    expect((await visitor.call("GET", alerts(one))).status).toBe(403);
    expect((await visitor.call("GET", alerts(two))).status).toBe(200);
    expect((await visitor.query("resources | count", {}, { subscriptions: [subscription] })).status).toBe(
      403,
    );
    azure.faults.clear();
    azure.faults.add({ kind: "status", status: 500, match: { method: "POST", path: /ResourceGraph/ } });
    expect((await visitor.query("resources | count")).status).toBe(500);
    expect((await visitor.call("GET", alerts(one))).status).toBe(200);
  });

  it("slow answers late", async () => {
    const { subscriptionId: subscription } = estate.subscriptions[0]!;
    azure.faults.add({ kind: "slow", ms: 1500, match: { subscription }, times: 1 });
    const order: string[] = [];
    const slow = visitor.call("GET", alerts(one)).then(({ status }) => order.push(`slow ${status}`));
    await visitor.call("GET", alerts(two)).then(({ status }) => order.push(`other ${status}`));
    await slow;
    expect(order).toEqual(["other 200", "slow 200"]);
  });

  it("reset breaks the connection before any effect", async () => {
    const alert = estate.alerts[0]!;
    alert.properties.status = "Active";
    azure.faults.add({ kind: "reset", times: 1 });
    await expect(visitor.call("POST", `${alert.id}/resolve?api-version=2022-01-01`)).rejects.toThrow();
    expect(alert.properties.status).toBe("Active");
  });

  it("lostAnswer breaks it after the effect", async () => {
    const alert = estate.alerts[1]!;
    azure.faults.add({ kind: "lostAnswer", times: 1 });
    await expect(visitor.call("POST", `${alert.id}/resolve?api-version=2022-01-01`)).rejects.toThrow();
    expect(alert.properties.status).toBe("Resolved");
    expect(azure.requests.at(-1)).toMatchObject({ method: "POST", status: 0 });
  });

  it("truncate sends half of the JSON", async () => {
    const whole = await visitor.call("GET", alerts(one));
    azure.faults.add({ kind: "truncate", times: 1 });
    const half = await visitor.call("GET", alerts(one));
    expect(half.status).toBe(200);
    expect(whole.text.startsWith(half.text)).toBe(true);
    expect(half.body).toBeUndefined();
  });

  it.each([200, 502] as const)("garbage is a proxy's HTML with status %i", async (status) => {
    azure.faults.add({ kind: "garbage", status, times: 1 });
    const reply = await visitor.call("GET", alerts(one));
    expect([reply.status, reply.headers["content-type"]]).toEqual([status, "text/html"]);
    expect(reply.text).toContain("<html>");
  });

  it("empty sends the status without a body", async () => {
    azure.faults.add({ kind: "empty", times: 1 });
    const reply = await visitor.call("GET", alerts(one));
    expect([reply.status, reply.text]).toEqual([200, ""]);
  });

  it("leave a record of every request with what was answered", async () => {
    const before = azure.requests.length;
    azure.faults.add({ kind: "status", status: 503, times: 1 });
    await visitor.call("GET", alerts(one));
    await visitor.query("resources | count");
    expect(azure.requests.slice(before).map(({ method, status }) => [method, status])).toEqual([
      ["GET", 503],
      ["POST", 200],
    ]);
    expect(azure.requests[before]).toMatchObject({ query: { "api-version": "2022-01-01" } });
  });
});
