import { describe, expect, it } from "vitest";
import { startAzure } from "../../playground/azure/server.ts";
import { visit } from "../../playground/azure/visitor.ts";
import { alertTypes } from "../../playground/estate/alert-types.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { estateOf } from "../../playground/estate/estate.ts";
import { findingRows } from "../../playground/estate/finding-rows.ts";

const now = new Date("2026-11-23T12:00:00Z");

describe("the demo's estate", () => {
  const estate = demoEstate(now);
  const properties = estate.clusters.map(
    (one) => one.properties as Record<string, { [key: string]: unknown }>,
  );

  it("is the same for the same time", () => {
    expect(demoEstate(now)).toEqual(estate);
  });

  it("has four subscriptions, nine clusters and four registries, some with Japanese names", () => {
    expect([estate.subscriptions.length, estate.clusters.length, estate.registries.length]).toEqual([
      4, 9, 4,
    ]);
    expect(estate.subscriptions.some((one) => /\p{Script=Han}/u.test(one.displayName))).toBe(true);
  });

  it("has the traps: private, without sensor, excluded, stopped, elsewhere, localised, with a plan of its own", () => {
    expect(properties.filter((one) => one.apiServerAccessProfile?.enablePrivateCluster)).toHaveLength(1);
    expect(properties.filter((one) => !one.securityProfile?.defender)).toHaveLength(4);
    expect(properties.filter((one) => one.powerState?.code === "Stopped")).toHaveLength(1);
    expect(estate.clusters.filter((one) => one.tags?.ms_defender_container_exclude_sensors)).toHaveLength(1);
    expect(new Set(estate.clusters.map((one) => one.location)).size).toBe(2);
    const localised = estate.policyAssignments.filter((one) => /\p{Script=Katakana}/u.test(one.name));
    expect(localised).toHaveLength(4);
    expect(estate.pricings.filter((one) => one.id.includes("/managedClusters/"))).toHaveLength(1);
  });

  it("has what came since 2025: AKS Automatic, a Helm sensor, odd nodes, an ABAC registry, a scoped rule", () => {
    const of = (name: string) => estate.clusters.find((one) => one.name === name)!;
    const automatic = of("aks-prod-auto");
    expect(automatic).toMatchObject({
      sku: { name: "Automatic" },
      properties: {
        hostedSystemProfile: { enabled: true },
        nodeResourceGroup: "nodes-of-prod-auto",
        agentPoolProfiles: [{ name: "nodepool1" }],
      },
    });
    expect(estate.contents.pools.map(({ cluster }) => cluster.name)).toContain("aks-prod-auto");
    expect(estate.helmSensors).toEqual([of("aks-prod-mixed").id]);
    expect(of("aks-prod-mixed").properties.agentPoolProfiles).toMatchObject([
      {},
      {},
      { osType: "Windows" },
      { vmSize: "Standard_D4ps_v5" },
      { nodeTaints: ["sku=gpu:NoSchedule"] },
    ]);
    expect(estate.registries.map(({ properties }) => properties.roleAssignmentMode)).toContain(
      "AbacRepositoryPermissions",
    );
    expect(estate.suppressionRules[0]?.properties).toHaveProperty("suppressionAlertsScope.allOf");
  });

  it("has 60 alerts of real types, of every state and severity, at both scopes, from the last weeks", () => {
    const known = new Set(alertTypes.map(([id]) => id));
    const of = (name: string) => new Set(estate.alerts.map((one) => one.properties[name]));
    expect(estate.alerts).toHaveLength(60);
    expect(estate.alerts.every((one) => known.has(String(one.properties.alertType)))).toBe(true);
    expect(of("status")).toEqual(new Set(["Active", "InProgress", "Resolved", "Dismissed"]));
    expect(of("severity")).toEqual(new Set(["High", "Medium", "Low", "Informational"]));
    expect(new Set(estate.alerts.map((one) => one.id.includes("/resourceGroups/"))).size).toBe(2);
    const times = estate.alerts.map((one) => Date.parse(String(one.properties.timeGeneratedUtc)));
    expect(Math.max(...times)).toBeLessThan(now.getTime());
    expect(now.getTime() - Math.min(...times)).toBeLessThan(29 * 86_400_000);
    expect(new Set(estate.alerts.map((one) => one.name)).size).toBe(60);
  });

  it("has recommendations of every status, and software updates with their vulnerabilities as a JSON text", () => {
    const codes = new Set(estate.assessments.map((one) => (one.properties.status as { code: string }).code));
    expect(codes).toEqual(new Set(["Healthy", "Unhealthy", "NotApplicable"]));
    const update = findingRows(estate).assessments.find((one) => one.properties.resourceAdditionalData)!;
    const details = (update.properties.additionalData as { CvesDetails: string }).CvesDetails;
    expect((JSON.parse(details) as { CveId: string }[])[0]?.CveId).toMatch(/^CVE-/);
  });
});

describe("a large estate", () => {
  it("is read in pages without evaluating the query again for each", { timeout: 180_000 }, async () => {
    const estate = estateOf({ subscriptions: 1000, alerts: 10_000, recommendations: false }, now);
    const azure = await startAzure({ estate });
    const visitor = await visit(azure);
    const query =
      "securityresources | where type =~ 'microsoft.security/locations/alerts' | project id, s = tostring(properties.Status), e = array_length(properties.Entities) | order by id asc";
    type Page = { count: number; $skipToken?: string };
    const page = async (token?: string) => {
      const { count, $skipToken } = (await visitor.query(query, { $skipToken: token })).body as Page;
      return { count, token: $skipToken };
    };
    const pages = [await page()];
    // Without a new revision, which only another evaluation would see.
    estate.alerts.length = 0;
    while (pages.at(-1)?.token) pages.push(await page(pages.at(-1)?.token));
    expect(pages.map((one) => one.count)).toEqual(Array(10).fill(1000));
    visitor.close();
    await azure.stop();
  });
});
