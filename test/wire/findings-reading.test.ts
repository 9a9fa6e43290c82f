import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { cluster, registry } from "../../playground/estate/containers.ts";
import { addNodePool, type GroupedModel, pushImage, runImage } from "../../playground/estate/contents.ts";
import { addSubscription, emptyEstate } from "../../playground/estate/estate.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import { close } from "../../playground/estate/scanning.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const now = new Date("2026-11-20T00:00:00Z");

/** One registry with two images, one of which runs in a cluster with one node pool. */
function smallEstate() {
  const estate = emptyEstate();
  const one = addSubscription(estate, "one");
  const aks = cluster(one, "aks-one", { resourceGroup: "rg-one" });
  const acr = registry(one, "acrone", {});
  estate.clusters.push(aks);
  estate.registries.push(acr);
  const web = pushImage(estate, {
    registry: acr,
    repository: "team/web",
    tags: ["1.0"],
    at: now,
    packages: [knownPackage("curl"), knownPackage("zlib")],
  });
  const api = pushImage(estate, {
    registry: acr,
    repository: "api",
    tags: ["2.0"],
    at: now,
    packages: [knownPackage("openssl")],
  });
  runImage(estate, web, { cluster: aks, namespace: "shop", workload: "front", container: "web" });
  const pool = addNodePool(estate, {
    cluster: aks,
    name: "apps",
    at: now,
    packages: [knownPackage("glibc")],
  });
  return { estate, one, aks, acr, web, api, pool };
}

describe("reading findings", () => {
  let azure: AzureStandIn;
  let made: ReturnType<typeof smallEstate>;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    made = smallEstate();
    refill(azure.estate, made.estate);
    azure.faults.clear();
  });
  afterAll(() => azure.stop());
  const read = async (port = portTo(azure.resourceManagerUrl).azure, signal?: AbortSignal) => {
    const pages = gathered();
    return { ...pages, read: await port.findings(pages.take, { signal }) };
  };

  it("tells each finding of images, running containers and node pools, and where they are", async () => {
    const { findings, byKey, read: said } = await read();
    const { web, api } = made;
    expect(said).toMatchObject({
      subscriptions: 1,
      unread: [],
      models: [
        { model: "individual", rows: 6 },
        { model: "grouped-registry", rows: 0 },
        { model: "grouped-running", rows: 0 },
        { model: "grouped-registry-preview", rows: 0 },
        { model: "grouped-running-preview", rows: 0 },
        { model: "grouped-nodes", rows: 0 },
      ],
      listed: [made.one.subscriptionId],
    });
    const pool = [...byKey().values()].find(({ kind }) => kind === "node-pool")!;
    expect(findings()).toEqual(
      [
        `${web.digest} CVE-2023-38545 curl 7.74.0`,
        `${web.digest} CVE-2023-38546 curl 7.74.0`,
        `${web.digest} CVE-2022-37434 zlib 1.2.11`,
        `${api.digest} CVE-2022-0778 openssl 1.1.1k`,
        `${api.digest} CVE-2023-0286 openssl 1.1.1k`,
        `${pool.key} CVE-2024-2961 glibc 2.31`,
      ].sort(),
    );
    expect(pool).toMatchObject({ name: "apps", at: { cluster: "aks-one", resourceGroup: "rg-one" } });
    const subscription = { id: made.one.subscriptionId, name: "one" };
    expect(byKey().get(web.digest)).toMatchObject({
      places: [{ subscription, registry: "acrone", repository: "team/web", pushed: now.toISOString() }],
      uses: [{ subscription, cluster: "aks-one", namespace: "shop", workload: "front", container: "web" }],
    });
  });

  it.each<GroupedModel[]>([
    ["registry", "running", "nodes"],
    ["registry-preview", "running-preview", "nodes"],
  ])("finds the same in the grouped models (%s, %s)", async (...grouped) => {
    const { findings: individual } = await read();
    azure.estate.contents.individual = false;
    azure.estate.contents.grouped = new Set(grouped);
    azure.estate.revision++;
    const { findings, byKey, read: said } = await read();
    expect(findings()).toEqual(individual());
    expect(said.models.filter(({ rows }) => rows > 0).map(({ model }) => model)).toEqual(
      grouped.map((model) => `grouped-${model}`),
    );
    expect(byKey().get(made.web.digest)).toMatchObject({
      places: [{ registry: "acrone", repository: "team/web" }],
      uses: [{ cluster: "aks-one", namespace: "shop", workload: "front", container: "web" }],
      scanned: now.toISOString(),
    });
  });

  it("counts what is exempted or disabled apart, each package of an image once", async () => {
    close(azure.estate, made.web, "curl", "exempted");
    close(azure.estate, made.api, "openssl", "disabled");
    const { pages, findings } = await read();
    const closed = pages.flatMap((page) => page.closed);
    // The image in the registry, and the same running: two rows of one package.
    expect(closed.map(({ why }) => why).sort()).toEqual(["disabled", "exempted", "exempted"]);
    expect(new Set(closed.map(({ ref, row }) => `${ref} ${row}`)).size).toBe(2);
    expect(findings().filter((one) => one.includes("curl") || one.includes("openssl"))).toEqual([]);
  });
});
