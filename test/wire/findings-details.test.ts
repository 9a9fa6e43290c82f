import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { cluster, registry } from "../../playground/estate/containers.ts";
import { addNodePool, pushImage, runImage } from "../../playground/estate/contents.ts";
import { addSubscription, emptyEstate } from "../../playground/estate/estate.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import { changeCve } from "../../playground/estate/scanning.ts";
import type { KnownCves } from "../../src/domain/findings/model/cve-details.ts";
import type { CveReading } from "../../src/domain/findings/model/finding.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const now = new Date("2026-11-20T00:00:00Z");

function oneImage() {
  const estate = emptyEstate();
  const one = addSubscription(estate, "one");
  const aks = cluster(one, "aks-one", { resourceGroup: "rg-one" });
  aks.properties.nodeResourceGroup = "nodes-of-one";
  const acr = registry(one, "acrone", {});
  estate.clusters.push(aks);
  estate.registries.push(acr);
  const packages = ["log4j-core", "openssl", "perl"].map((name) => knownPackage(name));
  const web = pushImage(estate, { registry: acr, repository: "team/web", tags: ["1"], at: now, packages });
  runImage(estate, web, { cluster: aks, namespace: "shop", workload: "front", container: "web" });
  addNodePool(estate, { cluster: aks, name: "apps", at: now, packages: [knownPackage("glibc")] });
  return estate;
}

/** What a bot would keep of a reading. */
function kept(read: CveReading | undefined, before: KnownCves = { cves: new Map() }): KnownCves {
  const cves = new Map(before.cves);
  for (const detail of read?.details ?? []) cves.set(detail.id, { at: read!.at, detail });
  for (const id of read?.absent ?? []) cves.set(id, { at: read!.at });
  return { refreshed: read?.refreshed ?? before.refreshed, cves };
}

describe("details of CVEs", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    refill(azure.estate, oneImage());
    azure.faults.clear();
    azure.requests.length = 0;
  });
  afterAll(() => azure.stop());
  const read = async (known?: KnownCves, scope = {}) => {
    const pages = gathered();
    const { azure: port } = portTo(azure.resourceManagerUrl, scope);
    const said = await port.findings(pages.take, { known });
    const cve = (id: string) => pages.vulnerabilities().find((one) => one.id === id);
    return { ...pages, said, cve };
  };
  const detailQueries = () =>
    azure.requests
      .map(
        ({ body }) =>
          (body ?? {}) as { query?: string; subscriptions?: string[]; managementGroups?: string[] },
      )
      .filter(({ query }) => query?.includes("cvedetails"));

  it("say how severe, exploited and old a CVE is that its row only names", async () => {
    const { cve, said } = await read();
    expect(cve("CVE-2021-44228")).toMatchObject({
      severity: "critical",
      from: "details",
      exploit: true,
      epss: 94,
      cvss: 10,
      published: "2021-12-10",
      fix: "available",
      fixed: "2.17.1",
    });
    expect(said.details).toEqual({ state: "read", wanted: 6, unknown: 0 });
    expect(detailQueries()).toHaveLength(1);
    expect(detailQueries()[0]).not.toHaveProperty("subscriptions");
  });

  it.each(["older", "mixed"] as const)("agree with rows of the shape of %s tenants", async (shape) => {
    const facts = ({ vulnerabilities }: Awaited<ReturnType<typeof read>>) =>
      new Set(
        vulnerabilities().map(({ id, severity, exploit, fix }) => `${id} ${severity} ${exploit} ${fix}`),
      );
    const today = await read();
    azure.estate.contents.shape = shape;
    azure.estate.revision++;
    const other = await read();
    expect(other.findings()).toEqual(today.findings());
    expect(facts(other)).toEqual(facts(today));
    expect([...other.byKey().values()].flatMap(({ uses }) => uses.map(({ workload }) => workload))).toContain(
      "front",
    );
    if (shape === "older") expect(other.cve("CVE-2021-44228")).toMatchObject({ from: "inline" });
    if (shape === "older") expect(detailQueries()).toHaveLength(1);
  });

  it("are asked for at the management groups of the settings, and at the tenant where these have none", async () => {
    const group = azure.estate.managementGroups[0]!.name;
    const { said } = await read(undefined, { managementGroups: [group] });
    expect(said.details?.state).toBe("read");
    expect(detailQueries().map(({ managementGroups }) => managementGroups)).toEqual([[group]]);
    await read(undefined, { subscriptions: [azure.estate.subscriptions[0]!.subscriptionId] });
    expect(detailQueries().at(-1)).not.toHaveProperty("subscriptions");
  });

  it("fall back to the row's own words in order, and each finding says whose words they are", async () => {
    azure.estate.contents.cveDetails = false;
    const { cve, said } = await read();
    expect(said.details).toEqual({ state: "no-access", wanted: 6, unknown: 6 });
    expect(said.cves).toBeUndefined();
    // The recommendation says High of what is critical: its scale has no more.
    expect(cve("CVE-2021-44228")).toMatchObject({ severity: "high", from: "recommendation", exploit: false });
    expect(cve("CVE-2023-31486")).toMatchObject({ severity: "unknown", from: "none" });
  });

  it("keep what was read before where the permission is gone", async () => {
    const known = kept((await read()).said.cves);
    azure.estate.contents.cveDetails = false;
    const { cve, said } = await read(known);
    expect(said.details).toMatchObject({ state: "no-access", unknown: 0 });
    expect(cve("CVE-2021-44228")).toMatchObject({ severity: "critical", from: "details" });
  });

  it("withdraw a rejected CVE: it is no finding", async () => {
    changeCve(azure.estate, "CVE-2022-0778", { rejected: true });
    const { findings, cve } = await read();
    expect(cve("CVE-2022-0778")).toBeUndefined();
    expect(findings().some((one) => one.includes("CVE-2023-0286"))).toBe(true);
  });

  it("rate images that were just pushed", async () => {
    const pages = gathered();
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const since = new Date(now.getTime() - 3_600_000).toISOString();
    const said = await port.freshFindings(pages.take, since, kept(undefined));
    expect(said.details).toMatchObject({ state: "read", unknown: 0 });
    expect(pages.vulnerabilities().find(({ id }) => id === "CVE-2021-44228")).toMatchObject({
      severity: "critical",
      from: "details",
      exploit: true,
    });
  });

  it("are refreshed by the date of their last change", async () => {
    const known = kept((await read()).said.cves);
    changeCve(azure.estate, "CVE-2023-0286", { severity: "Critical", base: 9.9 });
    azure.requests.length = 0;
    const { cve } = await read(known);
    expect(cve("CVE-2023-0286")).toMatchObject({ severity: "critical", cvss: 9.9 });
    expect(detailQueries()).toHaveLength(2);
    expect(detailQueries()[1]!.query).toContain("lastModifiedDate");
  });

  it("a node pool belongs to the cluster whose node resource group it lies in, in either category", async () => {
    const { byKey } = await read();
    const pool = [...byKey().values()].find(({ kind }) => kind === "node-pool");
    expect(pool).toMatchObject({ name: "apps", at: { cluster: "aks-one", resourceGroup: "rg-one" } });
  });
});
