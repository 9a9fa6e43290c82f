import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoEstate } from "../../playground/estate/demo.ts";
import { setSensor } from "../../playground/kubernetes/control/sensor.ts";
import { askedFeature, wantedFor } from "../../src/commands/enable/feature.ts";
import { features } from "../../src/domain/catalogue/features.ts";
import { allGaps, groupCauses } from "../../src/domain/coverage/causes.ts";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import { summariseCoverage } from "../../src/domain/coverage/coverage-summary.ts";
import { featureMatrix } from "../../src/domain/coverage/feature-matrix.ts";
import { supportGaps } from "../../src/domain/coverage/uncatalogued.ts";
import { clustersToReach, sightingsOf } from "../../src/domain/coverage/watch/sightings.ts";
import { readNodes } from "../../src/jobs/watch-coverage/nodes.ts";
import { withPods } from "../../src/readings/cluster-pods.ts";
import { type KubernetesWorld, kubernetesWorld } from "../kubernetes-world.ts";

let world: KubernetesWorld;
let whole: Coverage;
beforeAll(async () => {
  world = await kubernetesWorld({ estate: demoEstate(new Date("2026-11-23T12:00:00Z")) });
  whole = (await world.port.azure.coverage()).value;
}, 180_000);
afterAll(() => world.azure.stop());

const at = "2026-11-23T12:00:00.000Z";
const only = (name: string): Coverage => ({
  ...whole,
  clusters: whole.clusters.filter((one) => one.name === name),
  registries: [],
});
const seen = (name: string) => withPods(only(name), {}, { ...world.port, clusters: world.fresh() });
const cellIn = (coverage: Coverage, feature: string) =>
  featureMatrix(coverage, at).clusters[0]!.cells[features.findIndex(({ id }) => id === feature)]!;
const causesOf = (coverage: Coverage) =>
  groupCauses(allGaps(summariseCoverage(coverage).gaps, featureMatrix(coverage, at)));

describe("the traps of the demo estate", () => {
  it.each([
    ["plan on, extension off", "extension-off", "Contoso Sandbox"],
    ["provisioning with localized names", "provisioning-localised", "本番環境 - 受注システム"],
    ["a missing assignment", "provisioning-missing", "Contoso Sandbox"],
    ["the tag that excludes the sensor", "sensor-excluded", "aks-build"],
    ["data that goes to another workspace", "workspace-other", "aks-demo"],
    ["a deleted workspace", "workspace-missing", "Contoso Production"],
    ["no sensor in the profile", "sensor-off", "aks-juchu"],
    ["no policy add-on", "policy-off", "aks-demo"],
    ["a plan that the Microsoft 365 side manages", "managed-elsewhere", "本番環境 - 受注システム"],
  ])("%s is named", (_, kind, name) => {
    const names = causesOf(whole)
      .filter((cause) => cause.kind === kind)
      .flatMap(({ gaps }) => gaps.map(({ on }) => on.name));
    expect(names).toContain(name);
  });

  it("the CIS standard is on where it's assigned, off where only others are, unknown without the permission", async () => {
    expect(cellIn(only("aks-prod-web"), "cis-benchmark")).toMatchObject({
      value: "on",
      because: [
        { evidence: { source: expect.stringMatching(/K8S|pricings/) } },
        { evidence: { said: /^CIS Azure Kubernetes/ } },
      ],
    });
    expect(cellIn(only("aks-demo"), "cis-benchmark")).toMatchObject({
      value: "off",
      because: [{ gap: { kind: "standard-off", on: { kind: "subscription" } } }],
    });
    const { permissions, subscriptions } = world.azure.estate;
    const { subscriptionId } = subscriptions.find(({ displayName }) => displayName === "Contoso Sandbox")!;
    const before = permissions[subscriptionId]!;
    permissions[subscriptionId] = before.map((one) => ({
      ...one,
      notActions: ["Microsoft.Security/regulatoryComplianceStandards/*"],
    }));
    try {
      const { value } = await world.port.azure.coverage();
      const demo = { ...value, clusters: value.clusters.filter(({ name }) => name === "aks-demo") };
      expect(cellIn(demo, "cis-benchmark")).toMatchObject({
        value: "unknown",
        because: [{ gap: { kind: "standard-unknown", detail: /regulatoryComplianceStandards\/read/ } }],
      });
    } finally {
      permissions[subscriptionId] = before;
    }
  });

  it("the whole estate is looked into: what crashes, what is blind, and what can't be reached", async () => {
    world.azure.estate.unassessed = whole.clusters.flatMap(({ id, name }) =>
      name === "aks-prod-auto" ? [id] : [],
    );
    world.azure.estate.revision++;
    const seen = await withPods(whole, {}, { ...world.port, clusters: world.fresh() }, 60_000);
    const { clusters } = featureMatrix(seen, at);
    const detection = (name: string) =>
      clusters.find(({ on }) => on.name === name)!.cells[
        features.findIndex(({ id }) => id === "workload-detection")
      ];
    expect(detection("aks-prod-batch")?.value).toBe("off");
    expect(detection("aks-prod-web")?.value).toBe("on");
    expect(detection("aks-prod-payments")?.value).toBe("unknown");
    expect(
      causesOf(seen).flatMap(({ kind, gaps }) =>
        kind === "no-results" ? gaps.map(({ on }) => on.name) : [],
      ),
    ).toEqual(["aks-prod-auto"]);
  });

  it("a private cluster that cannot be reached is unknown, not off", async () => {
    const coverage = await seen("aks-prod-payments");
    expect(coverage.clusters[0]!.pods).toMatchObject({
      known: false,
      why: expect.stringContaining("a private cluster"),
    });
    expect(cellIn(coverage, "workload-detection").value).toBe("unknown");
  });

  it("a sensor that is on in the profile and ready on every Linux node is on, Windows nodes aside", async () => {
    const coverage = await seen("aks-prod-eu");
    expect(cellIn(coverage, "workload-detection").value).toBe("on");
    expect(cellIn(coverage, "data-plane-hardening").value).toBe("on");
    const { pods } = coverage.clusters[0]!;
    expect(pods).toMatchObject({ known: true, value: { constraintTemplates: { known: true, value: 3 } } });
    const windows = pods?.known ? pods.value.nodes.filter(({ leftOut }) => leftOut === "windows") : [];
    expect(windows).toHaveLength(2);
  });

  it("a sensor that is on in the profile with pods that are not ready is off, with restarts", async () => {
    const coverage = await seen("aks-prod-batch");
    expect(cellIn(coverage, "workload-detection")).toMatchObject({
      value: "off",
      because: [{ gap: { kind: "sensor-not-ready", what: "0/7" } }],
    });
    const { pods } = coverage.clusters[0]!;
    const components = pods?.known && pods.value.components.known ? pods.value.components.value : [];
    expect(components.find(({ pods: name }) => name === "microsoft-defender-collector-ds")).toMatchObject({
      namespace: "kube-system",
      desired: 7,
      ready: 0,
      restarts: 84,
    });
  });

  it("a cluster with a ready sensor and old workloads of which Defender shows nothing is blind, until it does", async () => {
    const coverage = await seen("aks-prod-auto");
    expect(cellIn(coverage, "running-containers")).toMatchObject({
      value: "off",
      because: [{ gap: { kind: "no-results", on: { name: "aks-prod-auto" } } }],
    });
    expect(causesOf(coverage).map(({ kind }) => kind)).toContain("no-results");
    const blind = async () => {
      const data = await world.port.azure.clusterData();
      const reached = await readNodes(clustersToReach(whole), undefined, data, {
        ...world.port,
        clusters: world.fresh(),
      });
      const { things } = sightingsOf({ value: whole, asOf: at, subscriptions: 4, unread: [] }, at, {
        ...reached,
        data,
      });
      return things.flatMap(({ name, sightings }) =>
        sightings.some(
          ({ sort, lost, confirmMinutes = 60 }) => sort === "blind" && lost && confirmMinutes < 1,
        )
          ? [name]
          : [],
      );
    };
    expect(await blind()).toEqual(["aks-prod-auto"]);
    // Its settings are on, and that is all that may be said of them.
    const enable = async () => {
      const { id, name, subscription } = coverage.clusters[0]!;
      const place = { on: { kind: "cluster" as const, id, name }, subscription };
      const wanted = wantedFor("running-containers", undefined);
      const ports = { ...world.port, clusters: world.fresh() };
      const said = await askedFeature(place, { wanted }, ports, "en");
      return "answer" in said ? said.answer : said.planned;
    };
    expect(await enable()).toMatchObject({
      headline: expect.stringMatching(/all settings for Running containers .* its state is “off”/),
      tone: "warning",
    });
    world.azure.estate.unassessed = [];
    world.azure.estate.revision++;
    expect(await blind()).toEqual([]);
    expect(await enable()).toMatchObject({ headline: expect.stringContaining("Already on"), tone: "good" });
    expect(cellIn(await seen("aks-prod-auto"), "running-containers").value).toBe("on");
  });

  it("a node whose taint keeps the sensor away makes its cluster partly covered, and is named with its taint", async () => {
    const coverage = await seen("aks-prod-mixed");
    const { pods } = coverage.clusters[0]!;
    const out = pods?.known ? pods.value.nodes.filter(({ leftOut }) => leftOut === "taint") : [];
    expect(out).toMatchObject([{ name: expect.stringContaining("gpu"), sensor: "absent" }]);
    expect(cellIn(coverage, "workload-detection")).toMatchObject({
      value: "partial",
      because: [{ gap: { kind: "sensor-not-ready" } }],
    });
  });

  it("a sensor by Helm near its end of support is named, with the day", async () => {
    const { clusters } = await seen("aks-prod-mixed");
    expect(supportGaps(clusters, "2027-01-31T00:00:00Z")).toMatchObject([
      { kind: "sensor-old", on: { name: "aks-prod-mixed" }, what: "0.8.4", detail: "2027-02-28" },
    ]);
  });

  it("a cluster that never had a sensor has that as its one cause, although its pods were read", async () => {
    setSensor(await world.served("aks-juchu"), { sensor: "absent" });
    const coverage = await seen("aks-juchu");
    expect(cellIn(coverage, "workload-detection")).toMatchObject({
      value: "off",
      because: [{ gap: { kind: "sensor-off" } }],
    });
    expect(causesOf(coverage).map(({ kind }) => kind)).not.toContain("sensor-not-ready");
  });

  it("a sensor by Helm in another namespace is seen, although the profile is off", async () => {
    setSensor(await world.served("aks-juchu"), { sensor: "ready", form: "helm" });
    const coverage = await seen("aks-juchu");
    expect(coverage.clusters[0]!.pods).toMatchObject({ value: { installed: ["helm"] } });
    expect(causesOf(coverage).map(({ kind }) => kind)).not.toContain("sensor-off");
    expect(cellIn(coverage, "workload-detection").value).toBe("on");
    expect(cellIn(coverage, "dns-detection").value).toBe("on");
  });
});
