import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cluster, registry } from "../../playground/estate/containers.ts";
import { addNodePool, pushImage } from "../../playground/estate/contents.ts";
import { addSubscription, emptyEstate } from "../../playground/estate/estate.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import { affectedMessage } from "../../src/commands/vulnerabilities/affected-message.ts";
import { compareSnapshots } from "../../src/domain/findings/comparison/difference.ts";
import { fixedMemory } from "../../src/domain/findings/comparison/fixed-before.ts";
import { learnedCves } from "../../src/domain/findings/model/cve-details.ts";
import { dictionary } from "../../src/domain/findings/model/dictionary.ts";
import type { SnapshotHead } from "../../src/domain/findings/model/snapshot.ts";
import { findArtifacts, worseVulnerability } from "../../src/domain/findings/search/find-artifacts.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";
import { estates, flaw, headOf, place, use } from "../findings-estate.ts";

const details = (state: NonNullable<SnapshotHead["details"]>["state"]) => ({
  details: { state, wanted: 1, unknown: 0 },
});

/** Kinds of changes from one severity and source to another. */
async function changesOf(
  was: Parameters<typeof flaw>[2],
  state: Parameters<typeof details>[0] | undefined,
  now: Parameters<typeof flaw>[2] = { from: "details", exploit: true },
) {
  const { snapshot } = estates();
  const image = (flaws: ReturnType<typeof flaw>[]) => ({ web: { places: [place("web", ["1"])], flaws } });
  const before = snapshot(1, image([flaw("CVE-2024-1", was?.severity, was)]), state && details(state));
  const after = snapshot(2, image([flaw("CVE-2024-1", "critical", now)]), details("read"));
  const { deltas } = await compareSnapshots(before, after, fixedMemory([]));
  return deltas.map(({ kind }) => kind);
}

describe("details of CVEs that could not be read before", () => {
  it.each([
    ["no permission", { severity: "unknown", from: "none" }, "no-access"],
    ["the recommendation's word instead", { severity: "high", from: "recommendation" }, "no-access"],
    ["a failure", { severity: "high", from: "highest" }, "failed"],
    ["a version of the bot that knew none", { severity: "unknown" }, undefined],
  ] as const)("raise nothing: %s", async (_, was, state) => {
    expect(await changesOf(was, state)).toEqual([]);
  });

  it("still raise what they say themselves, and what a row said that had its own", async () => {
    expect(await changesOf({ severity: "high", from: "details" }, "read")).toEqual(["raised", "news"]);
    expect(await changesOf({ severity: "high", from: "recommendation" }, "read")).toEqual(["raised", "news"]);
    expect(await changesOf({ severity: "high", from: "inline" }, "not-needed")).toEqual(["raised", "news"]);
  });

  it("do not hide that a fix came out", async () => {
    const fixed = { from: "details", fix: "available" } as const;
    expect(await changesOf({ severity: "unknown", from: "none" }, "no-access", fixed)).toEqual(["news"]);
  });
});

describe("the day on which details of CVEs became known", () => {
  const known = (before: Partial<SnapshotHead>, now: Partial<SnapshotHead>) =>
    learnedCves(before.details, now.details);
  const unknown = (state: NonNullable<SnapshotHead["details"]>["state"], count: number) => ({
    details: { state, wanted: 900, unknown: count },
  });

  it("counts the CVEs of which something is known since", () => {
    expect(known(unknown("no-access", 900), unknown("read", 12))).toBe(888);
    expect(known(unknown("failed", 40), unknown("read", 0))).toBe(40);
    expect(known(unknown("no-access", 0), unknown("read", 12))).toBe(0);
    expect(known(unknown("no-access", 900), unknown("no-access", 800))).toBe(0);
    expect(known(unknown("read", 900), unknown("read", 0))).toBe(0);
    expect(known({}, unknown("read", 0))).toBe(0);
  });
});

describe("what could not be read", () => {
  const asked = (more: Partial<SnapshotHead>) =>
    affectedMessage("CVE-2024-9", [], {
      head: { ...headOf(1, [], dictionary(), more), artifacts: 1 },
      filters: { fixable: false, running: false },
      csv: false,
      language: "en",
      all: 0,
    });

  it("never gets a green check: details of CVEs included", () => {
    expect(asked(details("read")).tone).toBe("neutral");
    for (const state of ["no-access", "failed"] as const) {
      const { tone, headline, parts } = asked(details(state));
      expect(tone).toBe("warning");
      expect(headline).toMatch(/^CVE-2024-9 not found in what could be read/);
      expect(JSON.stringify(parts)).toContain("CVE details");
    }
  });
});

describe("the order of findings", () => {
  it("is: exploited and fixable, then severity, exploit and its probability", () => {
    const all = [
      flaw("CVE-2024-1", "critical"),
      flaw("CVE-2024-2", "critical", { epss: 90 }),
      flaw("CVE-2024-3", "critical", { exploit: true }),
      flaw("CVE-2024-4", "high", { exploit: true, fix: "available" }),
    ];
    expect(all.sort(worseVulnerability).map(({ id }) => id.at(-1))).toEqual(["4", "3", "2", "1"]);
  });

  it("puts an image first that runs with something exploited and fixable", async () => {
    const urgent = [flaw("CVE-2024-1", "high", { exploit: true, fix: "available" })];
    const { snapshot } = estates();
    const result = await findArtifacts(
      snapshot(1, {
        idle: { places: [place("idle")], flaws: [...urgent, flaw("CVE-2024-2", "critical")] },
        runs: { places: [place("runs")], uses: [use("runs")], flaws: urgent },
      }),
    );
    expect(result.map(({ artifact, urgent }) => [artifact.name, urgent])).toEqual([
      ["runs", 1],
      ["idle", 0],
    ]);
  });
});

describe("doctor", () => {
  let azure: Awaited<ReturnType<typeof azureStandIn>>;
  beforeAll(async () => {
    const estate = emptyEstate();
    const one = addSubscription(estate, "one");
    estate.clusters.push(cluster(one, "aks-one", { resourceGroup: "rg-one" }));
    estate.registries.push(registry(one, "acrone", {}));
    azure = await azureStandIn({ estate });
  });
  afterAll(() => azure.stop());

  const check = async (scope = {}) =>
    (await portTo(azure.resourceManagerUrl, scope).azure.checks("en")).find(
      ({ name }) => name === "Azure CVE details",
    );
  const push = () =>
    pushImage(azure.estate, {
      registry: azure.estate.registries[0]!,
      repository: "web",
      at: new Date("2026-11-20T00:00:00Z"),
      packages: [knownPackage("openssl")],
    });
  const change = (about: Partial<typeof azure.estate.contents>) => {
    Object.assign(azure.estate.contents, { images: [], pools: [], cveDetails: false, ...about });
    azure.estate.revision++;
  };

  it("asks whether details of CVEs can be read, and names the role assignment that it takes", async () => {
    change({ cveDetails: true });
    push();
    expect(await check()).toMatchObject({ state: "ok", said: "readable" });
    change({ shape: "today" });
    push();
    expect(await check({ managementGroups: [azure.estate.tenantId] })).toMatchObject({
      state: "failed",
      fix: expect.stringMatching(
        `^az role assignment create --role "Security Reader" .* --scope /providers/Microsoft.Management/managementGroups/${azure.estate.tenantId}$`,
      ),
    });
  });

  it("needs no details where the rows of a tenant have everything themselves, or there are none of today's", async () => {
    const notNeeded = { state: "ok", said: "not needed: no finding depends on them" };
    change({ shape: "older" });
    push();
    expect(await check()).toMatchObject(notNeeded);
    change({ individual: false, grouped: new Set(["registry"]), shape: "today" });
    push();
    expect(await check()).toMatchObject(notNeeded);
    change({ individual: true, grouped: new Set(), shape: "today" });
    expect(await check()).toMatchObject(notNeeded);
    const [aks] = azure.estate.clusters;
    addNodePool(azure.estate, {
      cluster: aks!,
      name: "apps",
      at: new Date("2026-11-20T00:00:00Z"),
      packages: [knownPackage("glibc")],
    });
    expect(await check()).toMatchObject({ state: "failed" });
  });
});
