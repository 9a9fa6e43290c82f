import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { cluster } from "../../playground/estate/containers.ts";
import { digestOf } from "../../playground/estate/contents.ts";
import { addSubscription, emptyEstate } from "../../playground/estate/estate.ts";
import { findingRows } from "../../playground/estate/finding-rows.ts";
import { driftsOf } from "../../src/domain/reading/drift.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const now = "2026-11-20T00:00:00Z";

/** One cluster, and no rows but those that a test adds as Azure would write them. */
function oneCluster() {
  const estate = emptyEstate();
  const aks = cluster(addSubscription(estate, "one"), "aks-one", { resourceGroup: "rg-one" });
  aks.properties.nodeResourceGroup = "MC_rg-one_aks-one_westeurope";
  estate.clusters.push(aks);
  return estate;
}

describe("rows that are rare in today's answers", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => refill(azure.estate, oneCluster()));
  afterAll(() => azure.stop());
  const read = async () => {
    const pages = gathered();
    const said = await portTo(azure.resourceManagerUrl).azure.findings(pages.take);
    const shape = said.shapes!.find(({ reader }) => reader === "findings")!;
    return { ...pages, said, shape };
  };
  const aks = () => azure.estate.clusters[0]!;
  const pool = () => {
    const [, , subscription] = aks().id.split("/");
    return `/subscriptions/${subscription}/resourceGroups/MC_rg-one_aks-one_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-apps-12345678-vmss`;
  };
  /** A sub-assessment of one of the grouped recommendations, by the key of its recommendation. */
  const grouped = (scope: string, key: string, properties: object) =>
    findingRows(azure.estate).subassessments.push({
      id: `${scope}/providers/Microsoft.Security/assessments/${key}/subassessments/00000000-0000-4000-8000-000000000001`,
      name: "one",
      type: "Microsoft.Security/assessments/subassessments",
      properties: { status: { code: "Unhealthy", severity: "High" }, timeGenerated: now, ...properties },
    });
  const individual = (name: string, category: string, resourceType: string, asset: string, more: object) =>
    findingRows(azure.estate).assessments.push({
      id: `${aks().id}/providers/Microsoft.Security/assessments/${name}`,
      name,
      type: "Microsoft.Security/assessments",
      properties: {
        status: { code: "Unhealthy" },
        resourceDetails: { Source: "Azure", Id: asset, ResourceType: resourceType },
        metadata: { recommendationCategory: category, severity: "High" },
        additionalData: {
          SoftwareName: "openssl",
          CvesDetails: JSON.stringify([{ CveId: "CVE-2022-0778", FixStatus: "FixAvailable" }]),
          ...more,
        },
      },
    });

  it("each workload of `kubernetesContext.workloads` runs the image", async () => {
    const digest = digestOf("web");
    const workloads = ["front", "back"].map((workloadName) => ({
      namespace: "shop",
      workloadName,
      containerName: "web",
    }));
    grouped(`${aks().id}/containers/web`, "e9acaf48-d2cf-45a3-a6e7-3caa2ef769e0", {
      resourceDetails: { source: "Azure", id: `${aks().id}/images/${digest}` },
      additionalData: {
        artifactDetails: { digest, registryHost: "acrone.azurecr.io", repositoryName: "team/web" },
        clusterDetails: { clusterName: "aks-one", clusterResourceId: aks().id },
        kubernetesContext: { workloads },
        softwareDetails: { packageName: "openssl", version: "1.1.1k" },
        vulnerabilityDetails: { cveId: "CVE-2022-0778", severity: "High" },
      },
    });
    const { byKey, findings } = await read();
    expect(findings()).toEqual([`${digest} CVE-2022-0778 openssl 1.1.1k`]);
    expect(byKey().get(digest)?.uses).toEqual(
      ["front", "back"].map((workload) =>
        expect.objectContaining({ cluster: "aks-one", namespace: "shop", workload, container: "web" }),
      ),
    );
  });

  it.each([
    ["an object", { title: "CVE-2022-0778" }],
    ["a list", [{ title: "CVE-2022-0778" }]],
  ])("a node's `additionalData.cve` may be %s", async (_, cve) => {
    grouped(pool(), "11111111-2222-4333-8444-555555555555", {
      displayName: "Ubuntu Security Notification for OpenSSL",
      resourceDetails: { source: "Azure", id: pool() },
      additionalData: { cve, patchable: true, publishedTime: "2022-03-15T00:00:00Z" },
    });
    const { byKey, vulnerabilities, said } = await read();
    expect(said.models).toContainEqual({ model: "grouped-nodes", rows: 1 });
    expect([...byKey().values()]).toMatchObject([
      { kind: "node-pool", name: "apps", at: { cluster: "aks-one", resourceGroup: "rg-one" } },
    ]);
    expect(vulnerabilities()).toMatchObject([
      { id: "CVE-2022-0778", severity: "high", fix: "available", published: "2022-03-15" },
    ]);
  });

  it.each([
    ["text", (scanner: object) => JSON.stringify({ agentlessmdvm: scanner })],
    ["object", (scanner: object) => ({ agentlessmdvm: scanner })],
  ])("versions and fix come from `agentlessmdvm` as %s", async (_, written) => {
    const scanner = { DetectedSoftwareVersions: ["1.1.1k", "3.0.2"], FixStatus: "NoFixAvailable" };
    individual(
      "00000000-0000-4000-8000-000000000002",
      "ServiceUpgrade",
      "microsoft.compute/virtualmachinescalesets",
      pool(),
      {
        CvesDetails: JSON.stringify([{ CveId: "CVE-2022-0778" }]),
        ScannersDetails: written(scanner),
      },
    );
    // Its own id lies on the nodes, as theirs do.
    const row = findingRows(azure.estate).assessments.at(-1)!;
    row.id = row.id.replace(aks().id, pool());
    const { vulnerabilities } = await read();
    expect(vulnerabilities().map(({ version, fix }) => [version, fix])).toEqual([
      ["1.1.1k", "none"],
      ["3.0.2", "none"],
    ]);
  });

  it("a category that is not known is counted, and becomes an alarm with an example", async () => {
    for (let row = 0; row < 25; row++)
      individual(`row-${row}`, "ImageHygiene", "k8s-container", `${aks().id}/c/${digestOf(`${row}`)}`, {});
    const { said, shape } = await read();
    expect(said.models).toContainEqual({ model: "individual", rows: 0 });
    expect(shape.unplaced.category).toMatchObject({ count: 25, of: 25 });
    expect(driftsOf(undefined, shape)).toMatchObject([
      { field: "category", kind: "unplaced", count: 25, example: expect.stringContaining("aks-one") },
    ]);
  });

  it("so is a type of resource that is not known", async () => {
    for (let row = 0; row < 30; row++) {
      const type = row < 5 ? "k8s-image" : "k8s-container";
      individual(`row-${row}`, "SoftwareUpdate", type, `${aks().id}/c/${digestOf(`${row}`)}`, {});
    }
    const { said, shape } = await read();
    expect(said.models).toContainEqual({ model: "individual", rows: 25 });
    expect(shape.unplaced.type).toMatchObject({ count: 5, of: 30 });
    expect(driftsOf(undefined, shape)).toMatchObject([{ field: "type", kind: "unplaced", count: 5 }]);
  });
});
