import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { addSubscription, emptyEstate, newAlert, type Subscription } from "../../playground/estate/estate.ts";
import { alertAt, rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";

const now = new Date("2026-11-20T00:00:00Z");

describe("when Azure fails", () => {
  let azure: AzureStandIn;
  let one: Subscription;
  let two: Subscription;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    refill(azure.estate, emptyEstate());
    azure.faults.clear();
    one = addSubscription(azure.estate, "one");
    two = addSubscription(azure.estate, "two");
    newAlert(azure.estate, { at: now });
  });
  afterAll(() => azure.stop());
  const port = () => portTo(azure.resourceManagerUrl);
  const lock = (subscription: Subscription) => {
    azure.estate.permissions[subscription.subscriptionId] = [
      {
        actions: ["Microsoft.Resources/subscriptions/read"],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ];
  };
  const pricingsOf = (subscription: Subscription) => ({
    path: new RegExp(
      `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.Security/pricings`,
      "i",
    ),
  });

  it("names the subscription that Resource Graph leaves out silently, and answers for the others", async () => {
    const silent = azure.estate.alerts[0]!.id.includes(one.subscriptionId) ? two : one;
    lock(silent);
    const { azure: reader, counts } = port();
    const read = await rowsOf(reader);
    expect(read.value).toHaveLength(1);
    expect(read).toMatchObject({
      subscriptions: 2,
      unread: [{ id: silent.subscriptionId, name: silent.displayName, why: "denied" }],
    });
    expect(read.unread[0]?.detail).toContain("AuthorizationFailed");
    expect(counts.get(`azure_errors_total ${silent.subscriptionId} AuthorizationFailed`)).toBe(1);
  });

  it("asks a silent subscription once in ten minutes only", async () => {
    const { azure: reader, clock } = port();
    const probes = () => azure.requests.filter(({ path }) => path.endsWith("/pricings/Containers")).length;
    const before = probes();
    for (let poll = 0; poll < 5; poll++, clock.at += 60_000) await rowsOf(reader);
    expect(probes() - before).toBe(1);
    clock.at += 600_000;
    await rowsOf(reader);
    expect(probes() - before).toBe(2);
  });

  it("notices at the next poll that a subscription with alerts was locked", async () => {
    const { azure: reader } = port();
    const full = await rowsOf(reader);
    // Coverage has just read both: for ten minutes that would be believed.
    await reader.coverage();
    const holder = full.value[0]!.place.subscription.id === one.subscriptionId ? one : two;
    expect(full.unread).toEqual([]);
    lock(holder);
    await expect(rowsOf(reader)).resolves.toMatchObject({
      value: [],
      unread: [{ id: holder.subscriptionId, why: "denied" }],
    });
  });

  it.each([
    ["denied", { kind: "status", status: 403 }],
    ["throttled", { kind: "status", status: 429, retryAfter: 3600 }],
    ["not-registered", { kind: "status", status: 409, code: "MissingSubscriptionRegistration" }],
    ["gone", { kind: "status", status: 404, code: "SubscriptionNotFound" }],
    ["failed", { kind: "status", status: 500 }],
    ["unreachable", { kind: "reset" }],
    ["failed", { kind: "truncate" }],
    ["unreachable", { kind: "garbage", status: 502 }],
  ] as const)(
    "reports coverage of one subscription as %s, unknown instead of off, the other whole",
    async (why, fault) => {
      // Resource Graph leaves out what it may not show, and tells nothing of this subscription's plans.
      azure.estate.pricings = azure.estate.pricings.filter(({ id }) => !id.includes(one.subscriptionId));
      azure.faults.add({ match: pricingsOf(one), ...fault });
      const { value, unread, subscriptions } = await port().azure.coverage();
      expect(subscriptions).toBe(2);
      expect(unread).toMatchObject([{ id: one.subscriptionId, name: "one", why }]);
      const [broken, whole] = [one, two].map(
        ({ subscriptionId }) =>
          value.subscriptions.find(({ subscription }) => subscription.id === subscriptionId)!,
      );
      expect(broken!.plan.plan.known).toBe(false);
      expect(broken!.plan.extensions.every(({ state }) => !state.known)).toBe(true);
      expect(broken).not.toHaveProperty("overlapping");
      expect(whole!.plan.plan).toMatchObject({ known: true, value: "on" });
    },
  );

  it("still tells plans when Resource Graph fails, and that clusters could not be read", async () => {
    azure.faults.add({ match: { path: /ResourceGraph/ }, kind: "status", status: 403 });
    const { value, unread } = await port().azure.coverage();
    expect(value.subscriptions.map(({ plan }) => plan.plan.known)).toEqual([true, true]);
    expect(value.subscriptions.map(({ provisioning }) => provisioning.known)).toEqual([false, false]);
    expect(unread.map(({ why }) => why)).toEqual(["denied", "denied"]);
  });

  it("throws where nothing at all can be read", async () => {
    for (const subscription of [one, two]) lock(subscription);
    const { azure: reader } = port();
    for (const call of [() => rowsOf(reader), () => reader.assessments(), () => reader.coverage()])
      await expect(call()).rejects.toMatchObject({ name: "UpstreamError", status: 403, retryable: false });
  });

  it.each([
    ["a passing 500", { kind: "status", status: 500 }],
    ["a 429 that asks for no time", { kind: "status", status: 429, retryAfter: 0 }],
    ["a broken connection", { kind: "reset" }],
    ["half of the JSON", { kind: "truncate" }],
    ["an answer lost on its way", { kind: "lostAnswer" }],
  ] as const)("tries again after %s", async (_, fault) => {
    azure.faults.add({ match: { path: /ResourceGraph/ }, times: 1, ...fault });
    azure.faults.add({ match: { path: /^\/subscriptions$/ }, times: 1, ...fault });
    expect((await rowsOf(port().azure)).value).toHaveLength(1);
  });

  it("says how long Azure asks it to wait instead of waiting for minutes, after one request", async () => {
    azure.faults.add({ kind: "status", status: 429, retryAfter: 300 });
    const before = azure.requests.length;
    await expect(port().azure.subscriptions()).rejects.toMatchObject({
      name: "UpstreamError",
      system: "azure",
      status: 429,
      code: "TooManyRequests",
      retryable: true,
      retryAfter: 300,
    });
    expect(azure.requests.length - before).toBe(1);
  });

  it("gives up after three tries, with the last reason", async () => {
    azure.faults.add({ kind: "reset" });
    const before = azure.requests.length;
    await expect(port().azure.subscriptions()).rejects.toMatchObject({ status: 0, retryable: true });
    expect(azure.requests.length - before).toBe(3);
  });

  it("repeats the words of a proxy without its markup", async () => {
    azure.faults.add({ kind: "garbage", status: 502 });
    const failed = port().azure.subscriptions();
    await expect(failed).rejects.toMatchObject({ status: 502, code: "Http502", retryable: true });
    await expect(failed).rejects.not.toThrow(/<html|<body/i);
  });

  it("does not keep a failed list of subscriptions", async () => {
    azure.faults.add({ match: { path: /^\/subscriptions$/ }, times: 1, kind: "status", status: 403 });
    const { azure: reader } = port();
    await expect(reader.subscriptions()).rejects.toMatchObject({ status: 403 });
    await expect(reader.subscriptions()).resolves.toMatchObject({ subscriptions: 2 });
  });

  it("changes an alert once more when the answer was lost, with the same outcome", async () => {
    const { azure: reader } = port();
    const alert = (await rowsOf(reader)).value[0]!;
    azure.faults.add({ match: { path: /\/dismiss$/ }, times: 1, kind: "lostAnswer" });
    await reader.changeAlert(alert.resource, "dismiss");
    expect((await alertAt(reader, alert.resource)).state).toBe("dismissed");
  });

  it("passes Azure's refusal of a change on", async () => {
    const { azure: reader } = port();
    const alert = (await rowsOf(reader)).value[0]!;
    for (const action of ["dismiss", "take"] as const) {
      azure.faults.add({
        match: { method: "POST", path: /\/(dismiss|inProgress)$/ },
        times: 1,
        kind: "status",
        status: 403,
      });
      await expect(reader.changeAlert(alert.resource, action)).rejects.toMatchObject({
        name: "UpstreamError",
        status: 403,
        code: "AuthorizationFailed",
      });
    }
  });

  it("tells doctor what failed while the rest of the checks go on", async () => {
    azure.faults.add({ match: { path: /ResourceGraph/ }, kind: "status", status: 403 });
    const checks = await port().azure.checks("en");
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ["Azure token", "ok"],
      ["Azure subscriptions", "ok"],
      ["Azure Resource Graph", "failed"],
      ["Azure CVE details", "unknown"],
      ["Azure permissions in one", "ok"],
      ["Azure permissions in two", "ok"],
    ]);
  });
});
