import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { cluster } from "../../playground/estate/containers.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import {
  addSubscription,
  changeAlert,
  emptyEstate,
  estateOf,
  newAlert,
} from "../../playground/estate/estate.ts";
import { provisioning } from "../../playground/estate/policy.ts";
import { resourcePlan } from "../../playground/estate/pricings.ts";
import { fingerprint } from "../../src/domain/alerts/alert.ts";
import { features } from "../../src/domain/catalogue/features.ts";
import { summariseCoverage } from "../../src/domain/coverage/coverage-summary.ts";
import { featureMatrix } from "../../src/domain/coverage/feature-matrix.ts";
import { rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";

const now = new Date("2026-11-20T00:00:00Z");

describe("the Azure port over an estate of its own", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    // One for all: the identity library keeps its token for the whole process, and each stand-in knows only its own.
    azure = await azureStandIn({ estate: emptyEstate(), pageSize: 2 });
  });
  beforeEach(() => refill(azure.estate, emptyEstate()));
  afterAll(() => azure.stop());

  it("follows next links and skip tokens to the last page", async () => {
    refill(azure.estate, estateOf({ subscriptions: 5, clusters: 5, alerts: 2300 }, now));
    const { azure: port, counts } = portTo(azure.resourceManagerUrl);
    const read = await rowsOf(port);
    expect(new Set(read.value.map(({ id }) => id)).size).toBe(2300);
    expect(read.subscriptions).toBe(5);
    expect(counts.get("azure_requests_total Microsoft.ResourceGraph/resources 200")).toBe(3);
    expect(counts.get("azure_requests_total subscriptions 200")).toBe(3);
  });

  it("sees a change of state in the row, although no time moves", async () => {
    const estate = azure.estate;
    addSubscription(estate, "one");
    const alert = newAlert(estate, { at: now });
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const before = (await rowsOf(port)).value[0]!;
    changeAlert(estate, alert, { status: "Dismissed" });
    const after = (await rowsOf(port)).value[0]!;
    expect(after.end).toBe(before.end);
    expect(fingerprint(after)).not.toBe(fingerprint(before));
  });

  it("says who manages a plan where Azure does; a cloud without the newest version, or a refusal, leaves the rest known", async () => {
    const { estate } = azure;
    const { id } = addSubscription(estate, "one");
    estate.clusters.push(cluster(estate.subscriptions[0]!, "aks", { resourceGroup: "rg" }));
    const [plan] = estate.pricings.filter(
      (one) => one.id === `${id}/providers/Microsoft.Security/pricings/Containers`,
    );
    plan!.properties.managedBy = "MicrosoftDefender";
    const read = async () =>
      (await portTo(azure.resourceManagerUrl).azure.coverage()).value.subscriptions[0]!.plan;
    expect(await read()).toMatchObject({
      managedBy: "MicrosoftDefender",
      plan: { known: true, value: "on" },
    });
    const pricings = { path: /Microsoft\.Security\/pricings$/ };
    const refusals = [
      { status: 400 },
      // Verbatim as Azure China answered on a newer api-version, but for the versions.
      {
        status: 404,
        code: "InvalidResourceType",
        message:
          "The resource type 'pricings' could not be found in the namespace 'Microsoft.Security' for api version '2026-07-01'. The supported api-versions are '2024-01-01,2023-01-01'.",
      },
    ];
    for (const refusal of refusals) {
      azure.faults.add({ match: pricings, times: 1, kind: "status", ...refusal });
      const older = await read();
      const evidence = { source: expect.stringMatching(/pricings 2024-01-01$/) };
      expect(older).toMatchObject({ plan: { known: true, value: "on", evidence } });
      expect(older.managedBy).toBeUndefined();
    }
    azure.faults.add({ match: pricings, times: 1, kind: "status", status: 403 });
    expect(await read()).toMatchObject({
      plan: { known: true, value: "on", evidence: { source: /Resource Graph/ } },
    });
  });

  it("says that a workspace in a subscription that isn't read is unknown, and that its keys may not be read", async () => {
    const { estate } = azure;
    const one = addSubscription(estate, "one");
    const aks = cluster(one, "aks", { resourceGroup: "rg" });
    const workspace =
      "/subscriptions/0000aaaa-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/central";
    (aks.properties.securityProfile as { defender: object }).defender = {
      logAnalyticsWorkspaceResourceId: workspace,
      securityMonitoring: { enabled: true },
    };
    estate.clusters.push(aks);
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const gaps = summariseCoverage((await port.coverage()).value).gaps.filter(({ kind }) =>
      /workspace/.test(kind),
    );
    expect(gaps.map(({ kind }) => kind)).toEqual(["workspace-other", "workspace-unknown"]);
    expect(gaps[1]!.detail).toContain("0000aaaa");
    const subscription = { id: one.subscriptionId, name: "one" };
    const on = { kind: "cluster" as const, id: aks.id, name: "aks" };
    const step = {
      kind: "cluster" as const,
      on,
      subscription,
      before: {},
      after: { sensor: "on", workspace },
    };
    // Also where the profile names it already; the role has to be assigned where the workspace is.
    for (const asked of [step, { ...step, after: { sensor: "on" }, workspace }])
      expect(await port.enablementRights([asked])).toMatchObject({
        missing: [["Microsoft.OperationalInsights/workspaces/sharedkeys/read"]],
        command: expect.stringMatching(/--scope \/subscriptions\/0000aaaa[0-9a-f-]+$/),
      });
  });

  it("knows a workspace in another subscription than the one that is asked about", async () => {
    const { estate } = azure;
    const [mine, shared] = [addSubscription(estate, "mine"), addSubscription(estate, "shared")];
    const aks = cluster(mine, "aks", { resourceGroup: "rg" });
    estate.clusters.push(aks, cluster(shared, "aks-shared", { resourceGroup: "rg" }));
    const named = (name: string) => {
      const logAnalyticsWorkspaceResourceId = `${shared.id}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`;
      const security = aks.properties.securityProfile as { defender: object };
      security.defender = { logAnalyticsWorkspaceResourceId, securityMonitoring: { enabled: true } };
      return logAnalyticsWorkspaceResourceId;
    };
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const scope = { kind: "sub", pattern: mine.subscriptionId } as const;
    const exists = async () => (await port.coverage(scope)).value.clusters[0]?.workspaceExists;
    const there = named("law-defender");
    expect(await exists()).toMatchObject({ known: true, value: true });
    estate.deletedWorkspaces = [there.toLowerCase()];
    expect(await exists()).toMatchObject({ known: true, value: false });
  });

  it("tells a deleted workspace from one that exists, and from one that it can't see", async () => {
    const { estate } = azure;
    const sandbox = addSubscription(estate, "whole");
    const blind = addSubscription(estate, "without the permission");
    const [there, gone, hidden] = [
      cluster(sandbox, "aks-there", { resourceGroup: "rg-there" }),
      cluster(sandbox, "aks-gone", { resourceGroup: "rg-gone" }),
      cluster(blind, "aks-hidden", { resourceGroup: "rg" }),
    ] as const;
    estate.clusters.push(there, gone, hidden);
    const action = "Microsoft.OperationalInsights/workspaces/read";
    for (const given of estate.permissions[blind.subscriptionId]!)
      given.actions = given.actions.filter((one) => one !== action);
    const deleted = `${sandbox.id}/resourceGroups/rg-gone/providers/Microsoft.OperationalInsights/workspaces/law-defender`;
    estate.deletedWorkspaces = [deleted.toLowerCase()];
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const { value, asOf } = await port.coverage();
    const of = (id: string) => value.clusters.find((one) => one.id === id)?.workspaceExists;
    expect(of(there.id)).toMatchObject({ known: true, value: true });
    expect(of(gone.id)).toMatchObject({ known: true, value: false, evidence: { said: /not listed$/ } });
    expect(of(hidden.id)).toMatchObject({ known: false, why: expect.stringContaining(action) });
    const assigned = value.subscriptions.find(
      ({ subscription }) => subscription.id === sandbox.subscriptionId,
    );
    expect(assigned?.provisioning).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({
          kind: "sensor",
          workspaceExists: expect.objectContaining({ value: true }),
        }),
      ]),
    });
    const row = featureMatrix(value, asOf).clusters.find(({ on }) => on.id === gone.id)!;
    const detection = row.cells[features.findIndex(({ id }) => id === "workload-detection")]!;
    expect(detection.value).toBe("off");
    expect(detection.because.map(({ gap }) => gap)).toMatchObject([
      { kind: "workspace-missing", what: deleted },
    ]);
  });

  it("counts what Defender shows inside each cluster, and leaves out what it can't know", async () => {
    refill(azure.estate, demoEstate(now));
    const { estate } = azure;
    const idOf = (name: string) => estate.clusters.find((one) => one.name === name)!.id.toLowerCase();
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const before = await port.clusterData();
    expect(before.get(idOf("aks-prod-web"))).toBeGreaterThan(0);
    // Where no container runs, only the cluster itself is assessed.
    expect(before.get(idOf("aks-build"))).toBe(0);
    estate.unassessed.push(estate.clusters.find(({ name }) => name === "aks-prod-web")!.id);
    estate.revision++;
    delete estate.permissions[
      estate.subscriptions.find(({ displayName }) => /Sandbox/.test(displayName))!.subscriptionId
    ];
    const after = await port.clusterData();
    expect(after.get(idOf("aks-prod-web"))).toBe(0);
    expect(after.has(idOf("aks-build"))).toBe(false);
  });

  it("names what the settings want and no one can see, and reads the rest", async () => {
    const estate = azure.estate;
    estate.managementGroups.push({ name: "mg", displayName: "Group", parent: estate.tenantId });
    const inside = addSubscription(estate, "inside", { managementGroup: "mg" });
    const hidden = addSubscription(estate, "hidden", { managementGroup: "mg" });
    estate.permissions[hidden.subscriptionId] = [];
    addSubscription(estate, "outside");
    addSubscription(estate, "named");
    const { azure: port } = portTo(azure.resourceManagerUrl, {
      managementGroups: ["mg", "no-such-group"],
      subscriptions: ["NAMED", "vanished"],
    });
    const read = await port.subscriptions();
    expect(read.value.map(({ name }) => name).sort()).toEqual(["inside", "named"]);
    expect(read.unread.map(({ id, why }) => [id, why])).toEqual([
      ["no-such-group", expect.any(String)],
      ["vanished", "gone"],
      [hidden.subscriptionId, "denied"],
    ]);
    expect(read.subscriptions).toBe(5);
    const checks = await port.checks("en");
    const fix = (name: string) => checks.find((one) => one.name === `Azure scope ${name}`)?.fix;
    expect(fix("no-such-group")).toMatch(
      /--scope \/providers\/Microsoft.Management\/managementGroups\/no-such-group$/,
    );
    expect(fix("hidden")).toMatch(new RegExp(`--scope /subscriptions/${hidden.subscriptionId}$`));
    expect(fix("vanished")).toMatch(/^Correct it in breakwater.yaml .* az role assignment create /);
    expect(read.value[0]?.id ?? "").not.toBe("");
    expect(inside.subscriptionId).toBe(read.value.find(({ name }) => name === "inside")?.id);
  });

  it("keeps a disabled subscription with its state, also in its coverage", async () => {
    addSubscription(azure.estate, "off").state = "Disabled";
    addSubscription(azure.estate, "on");
    const { azure: reader } = portTo(azure.resourceManagerUrl);
    const { value } = await reader.subscriptions();
    expect(value).toMatchObject([{ name: "off", state: "Disabled" }, { name: "on" }]);
    const { subscriptions } = (await reader.coverage()).value;
    expect(subscriptions.map(({ subscription, state }) => [subscription.name, state])).toEqual([
      ["off", "Disabled"],
      ["on", undefined],
    ]);
  });

  it("counts assignments of the management groups above a subscription, and of no other, also once it was moved", async () => {
    const estate = azure.estate;
    for (const name of ["mg-a", "mg-b"])
      estate.managementGroups.push({ name, displayName: name, parent: estate.tenantId });
    for (const [name, managementGroup] of [
      ["in-a", "mg-a"],
      ["in-b", "mg-b"],
    ] as const)
      estate.clusters.push(
        cluster(addSubscription(estate, name, { managementGroup, quiet: true }), `aks-${name}`, {}),
      );
    estate.policyAssignments.push(
      ...provisioning("/providers/Microsoft.Management/managementGroups/mg-a", false),
    );
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const kindsIn = async (name: string) => {
      const { value } = await port.coverage();
      const result = value.subscriptions.find(({ subscription }) => subscription.name === name)!.provisioning;
      return result.known && result.value.map(({ kind }) => kind);
    };
    const all = ["sensor", "policy-addon", "arc", "arc-policy"];
    expect([await kindsIn("in-a"), await kindsIn("in-b")]).toEqual([all, []]);
    for (const one of estate.subscriptions)
      one.managementGroup = one.displayName === "in-a" ? "mg-b" : "mg-a";
    estate.revision++;
    expect([await kindsIn("in-a"), await kindsIn("in-b")]).toEqual([[], all]);
  });

  it("asks one subscription for the assignments of all below the same groups, and heeds what those leave out", async () => {
    const estate = azure.estate;
    const all = Array.from({ length: 6 }, (_, index) => {
      const made = addSubscription(estate, `sub-${index}`, { quiet: true });
      estate.clusters.push(cluster(made, `aks-${index}`, {}));
      return made;
    });
    addSubscription(estate, "without clusters", { quiet: true });
    const group = `/providers/Microsoft.Management/managementGroups/${estate.tenantId}`;
    const assigned = provisioning(group, false);
    // The one that is asked itself, and one of those that it answers for.
    for (const one of assigned) one.properties.notScopes = [all[0]!.id, all[3]!.id.toUpperCase()];
    estate.policyAssignments.push(...assigned, ...provisioning(all[3]!.id, true).slice(0, 1));
    const before = azure.requests.length;
    const { value } = await portTo(azure.resourceManagerUrl).azure.coverage();
    const kinds = value.subscriptions.map(
      ({ provisioning: result }) => result.known && result.value.map(({ kind }) => kind),
    );
    const every = ["sensor", "policy-addon", "arc", "arc-policy"];
    expect(kinds).toEqual([[], every, every, every.slice(0, 1), every, every, every]);
    const asked = azure.requests.slice(before).filter(({ path }) => path.endsWith("/policyAssignments"));
    expect(new Set(asked.map(({ path }) => path)).size).toBe(1);
  });

  it("reads the coverage of many subscriptions in few requests, and plans of clusters where there are any", async () => {
    const estate = azure.estate;
    refill(estate, estateOf({ subscriptions: 40, clusters: 120 }, now));
    const own = estate.clusters[7]!;
    const [above] = estate.pricings.filter(
      ({ id, name }) => name === "Containers" && own.id.startsWith(id.split("/providers/")[0]!),
    );
    above!.properties.resourcesCoverageStatus = "PartiallyCovered";
    estate.pricings.push(resourcePlan(own.id, false, []));
    const before = azure.requests.length;
    const { value, unread } = await portTo(azure.resourceManagerUrl).azure.coverage();
    expect(unread).toEqual([]);
    expect(value.subscriptions.every(({ plan }) => plan.plan.known && plan.plan.value === "on")).toBe(true);
    const different = value.clusters.filter(({ plan }) => plan !== undefined);
    expect(different).toMatchObject([{ id: own.id, plan: { plan: { known: true, value: "off" } } }]);
    // 20 pages of subscriptions, here two on a page, are no requests of the coverage.
    const made = azure.requests.slice(before).filter(({ path }) => path !== "/subscriptions");
    // None lists a standard: of three the permissions are read, on two pages each.
    expect(made.length).toBeLessThanOrEqual(8 + 3 * 2);
  });

  it("names the action that a role leaves out, and the line that fixes it", async () => {
    const estate = azure.estate;
    const narrow = addSubscription(estate, "narrow");
    const plain = addSubscription(estate, "plain");
    // As details of CVEs need it on the root management group: it comes down to every subscription.
    const inherited = addSubscription(estate, "inherited");
    estate.permissions[inherited.subscriptionId] = [
      {
        actions: ["Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Security/*/read"],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ];
    estate.permissions[narrow.subscriptionId]![0]!.notActions = [
      "Microsoft.Security/locations/alerts/dismiss/action",
    ];
    estate.permissions[plain.subscriptionId] = [
      {
        actions: ["Microsoft.Resources/subscriptions/read"],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ];
    const checks = await portTo(azure.resourceManagerUrl).azure.checks("en");
    const of = (name: string) => checks.find((check) => check.name === `Azure permissions in ${name}`)!;
    expect(of("narrow")).toMatchObject({
      state: "failed",
      said: "missing: Microsoft.Security/locations/alerts/*/action",
      fix: expect.stringMatching(/^az role definition update /),
    });
    expect(of("plain")).toMatchObject({
      state: "failed",
      fix: expect.stringContaining(plain.subscriptionId),
    });
    for (const [name, { subscriptionId }] of Object.entries({ plain, inherited })) {
      expect(of(name).fix).toMatch(/^az role assignment create --role "Breakwater" /);
      expect(of(name).fix).toContain(`--scope /subscriptions/${subscriptionId}`);
    }
  });
});
