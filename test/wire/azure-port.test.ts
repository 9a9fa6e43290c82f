import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { fingerprint } from "../../src/domain/alerts/alert.ts";
import { alertAt, listOf, rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";

const now = new Date("2026-11-20T00:00:00Z");

describe("the Azure port over the demo estate", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: demoEstate(now), pageSize: 10 });
  });
  afterAll(() => azure.stop());

  it("reads every subscription with name and state, once a minute", async () => {
    const { azure: port, clock } = portTo(azure.resourceManagerUrl);
    const before = azure.requests.length;
    const read = await port.subscriptions();
    expect(read.value.map(({ name }) => name)).toContain("本番環境 - 受注システム");
    expect(read.value.every(({ state }) => state === "Enabled")).toBe(true);
    await Promise.all([port.subscriptions(), port.subscriptions()]);
    expect(azure.requests.length - before).toBe(1);
    clock.at += 61_000;
    await port.subscriptions();
    expect(azure.requests.length - before).toBe(2);
  });

  it("reads light rows for all alerts in one request, and asks the subscription that has none", async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const before = azure.requests.length;
    const read = await rowsOf(port);
    expect(read.value).toHaveLength(60);
    expect(read.unread).toEqual([]);
    // Subscriptions, rows, and of the silent one its plan and its permissions.
    expect(azure.requests.length - before).toBe(4);
    for (const alert of read.value) {
      expect(alert.whole).toBe(false);
      expect(alert.place.subscription.name).not.toBe(alert.place.subscription.id);
      expect(alert.severity).not.toBe("unknown");
      expect(alert.state).not.toBe("unknown");
      expect(alert.entityCount).toBeGreaterThan(0);
      expect(alert.start).toMatch(/^\d{4}-.*\.\d{3}Z$/);
    }
  });

  it("reads the same alerts whole from the alerts API, to the last page, with the same key and facts", async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const rows = new Map((await rowsOf(port)).value.map((row) => [row.id, row]));
    const subscriptions = (await port.subscriptions()).value;
    const whole = (await Promise.all(subscriptions.map((one) => listOf(port, one)))).flat();
    expect(whole).toHaveLength(60);
    for (const alert of whole) {
      const row = rows.get(alert.id);
      expect(row && fingerprint(row)).toBe(fingerprint(alert));
      expect(row?.place).toEqual(alert.place);
      expect(alert.description).not.toBe("");
      expect(alert.entities.length).toBe(alert.entityCount);
      expect(alert.remediation.length).toBeGreaterThan(0);
    }
    expect(whole.some(({ namespace, workload }) => namespace && workload)).toBe(true);
  });

  it("changes the state of an alert at either scope, in all four ways", async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const rows = (await rowsOf(port)).value;
    const atGroup = rows.find(({ resource }) => /\/resourceGroups\//i.test(resource));
    const atSubscription = rows.find(({ resource }) => !/\/resourceGroups\//i.test(resource));
    for (const alert of [atGroup, atSubscription]) {
      expect(alert).toBeDefined();
      for (const [action, state] of [
        ["take", "in-progress"],
        ["resolve", "resolved"],
        ["reopen", "active"],
        ["dismiss", "dismissed"],
      ] as const) {
        await port.changeAlert(alert!.resource, action);
        expect((await alertAt(port, alert!.resource)).state).toBe(state);
      }
    }
  });

  it("asks for nothing but alerts of subscriptions in scope, whatever id a button carries", async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl, { subscriptions: ["Contoso Sandbox"] });
    const other = (await rowsOf(portTo(azure.resourceManagerUrl).azure)).value.find(
      ({ place }) => place.subscription.name === "Contoso Production",
    );
    const before = azure.requests.length;
    for (const id of [
      other!.resource,
      "/subscriptions",
      `${other!.resource}/../../../../x`,
      "https://example.com/",
      `${other!.resource}?x=1`,
    ])
      await expect(alertAt(port, id)).rejects.toMatchObject({ name: "UpstreamError", status: 404 });
    await expect(port.changeAlert(other!.resource, "dismiss")).rejects.toMatchObject({ status: 404 });
    expect(azure.requests.slice(before).every(({ path }) => path === "/subscriptions")).toBe(true);
  });

  it("tells plan, extensions, clusters, registries and provisioning with their evidence", async () => {
    const { value, unread } = await portTo(azure.resourceManagerUrl).azure.coverage();
    expect(unread).toEqual([]);
    expect([value.subscriptions.length, value.clusters.length, value.registries.length]).toEqual([4, 9, 4]);
    const [production, shop, lab] = value.subscriptions;
    expect(production?.plan.plan).toMatchObject({
      known: true,
      value: "on",
      evidence: { said: "pricingTier: Standard" },
    });
    const sensor = lab?.plan.extensions.find(({ name }) => name === "ContainerSensor");
    expect(sensor?.state).toMatchObject({ known: true, value: "off" });
    const names = (result: typeof shop) =>
      result?.provisioning.known && result.provisioning.value.map(({ englishName }) => englishName);
    expect(names(production)).toEqual([true, true, true, true]);
    expect(names(shop)).toEqual([false, false, false, false]);
    const cluster = (name: string) => value.clusters.find((one) => one.name === name)!;
    expect(cluster("aks-prod-payments").private).toBe(true);
    expect(cluster("aks-juchu").sensorProfile).toMatchObject({ known: true, value: "off" });
    expect(cluster("aks-build").power).toMatchObject({ known: true, value: "stopped" });
    expect(cluster("aks-build").excluded).toMatchObject({ known: true, value: true });
    expect(cluster("aks-demo").policyAddon).toMatchObject({ known: true, value: "off" });
    expect(cluster("aks-demo").plan?.plan).toMatchObject({ known: true, value: "on" });
    expect(cluster("aks-build").plan).toBeUndefined();
    expect(cluster("aks-prod-eu").nodes.known && cluster("aks-prod-eu").nodes).toMatchObject({
      value: { windows: expect.any(Number) },
    });
  });

  it("narrows coverage and recommendations to a scope, and asks no other subscription for its plans", async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const before = azure.requests.length;
    const { value } = await port.coverage({ kind: "cluster", pattern: "aks-juchu" });
    expect(value.clusters.map(({ name }) => name)).toEqual(["aks-juchu"]);
    expect(value.subscriptions.map(({ subscription }) => subscription.name)).toEqual([
      "本番環境 - 受注システム",
    ]);
    const plans = azure.requests.slice(before).filter(({ path }) => path.endsWith("/pricings"));
    expect(plans.map(({ path }) => path)).toEqual([
      `/subscriptions/${value.subscriptions[0]!.subscription.id}/providers/Microsoft.Security/pricings`,
    ]);
    const asked = azure.requests.slice(before).map(({ body }) => body as { subscriptions?: string[] });
    for (const { subscriptions } of asked.filter((body) => body?.subscriptions !== undefined))
      expect(subscriptions).toHaveLength(1);
  });

  it("tells recommendations of all three types with title, severity, status and how they are closed", async () => {
    const { value } = await portTo(azure.resourceManagerUrl).azure.assessments();
    expect(new Set(value.map(({ type }) => type))).toEqual(
      new Set(["control-plane", "data-plane", "vulnerability"]),
    );
    expect(value.every(({ title, place }) => title !== "" && place.subscription.name !== "")).toBe(true);
    expect(value.every(({ status }) => status !== "unknown")).toBe(true);
    const hardening = value.filter(({ type }) => type !== "vulnerability");
    expect(hardening.every(({ description, remediation }) => description !== "" && remediation !== "")).toBe(
      true,
    );
    const image = value.find(({ resource }) => resource.kind === ".containerimage");
    expect(image?.resource.name).toMatch(/^[\w/-]+@sha256:[0-9a-f]{12}$/);
  });

  it("finds every check of doctor ok under the documented role, but for a registry in ABAC mode", async () => {
    const checks = await portTo(azure.resourceManagerUrl).azure.checks("en");
    const failed = checks.filter(({ state }) => state !== "ok");
    expect(failed.map(({ name }) => name)).toEqual(["Azure registry contosoabac (ABAC mode)"]);
    expect(checks).toHaveLength(9);
  });
});
