import { describe, expect, it } from "vitest";
import { affectedMessage } from "../../src/commands/vulnerabilities/affected-message.ts";
import { type ArtifactQuery, findArtifacts } from "../../src/domain/findings/search/find-artifacts.ts";
import { findVulnerability } from "../../src/domain/findings/search/find-vulnerability.ts";
import { digestOf, estates, flaw, manyImages, place, use } from "../findings-estate.ts";

const xz = flaw("CVE-2024-3094", "critical", { package: "xz" });
const ssl = flaw("CVE-2024-1", "high", { fix: "available", fixed: "3.0.9" });
const odd = flaw("CVE-2024-5", "unknown");

const { snapshot } = estates();
const estate = snapshot(1, {
  web: { places: [place("shop/web", ["1.8", "latest"])], uses: [use("web")], flaws: [ssl] },
  tool: { places: [place("dev/tool", ["1"], { registry: "tools" })], flaws: [xz, ssl] },
  old: { places: [place("shop/web", ["1.7"])], flaws: [odd] },
  nodes: {
    kind: "node-pool",
    at: { subscription: { id: "s", name: "prod" }, cluster: "aks-prod" },
    flaws: [xz],
  },
  clean: { places: [place("shop/clean", ["1"])] },
});

describe("who has a vulnerability", () => {
  it("is answered in any letter case, those that run first", async () => {
    const result = await findVulnerability(estate, " cve-2024-1 ");
    expect(result.map(({ artifact, matches: flaws }) => [artifact.name, flaws])).toEqual([
      ["web", [ssl]],
      ["tool", [ssl]],
    ]);
  });

  it("says that a node pool runs, also where its cluster is unknown", async () => {
    const at = { subscription: { id: "s", name: "prod" } };
    const { head, ...one } = snapshot(2, { nodes: { kind: "node-pool", at, flaws: [xz] } });
    const affected = await findVulnerability({ head, ...one }, xz.id);
    const shown = { head, filters: { fixable: false, running: false }, csv: false, all: 1 };
    const [en, ja] = (["en", "ja"] as const).map((language) =>
      affectedMessage(xz.id, affected, { ...shown, language }),
    );
    expect(en!.headline).toBe("CVE-2024-3094 affects 1 image or node pool, 1 running");
    expect(ja!.headline).toBe("CVE-2024-3094 の影響を受けるイメージとノード プール: 1 個、うち 1 個が実行中");
  });

  it("tells clusters of the same name apart", async () => {
    const pool = (id: string, cluster: string) => {
      const at = { subscription: { id, name: `Sub ${id}` }, cluster };
      return { kind: "node-pool" as const, at, flaws: [xz] };
    };
    const two = snapshot(2, { one: pool("s1", "aks"), two: pool("s2", "aks"), three: pool("s2", "aks-3") });
    const affected = await findVulnerability(two, xz.id);
    const shown = { head: two.head, filters: { fixable: false, running: false }, csv: false, all: 3 };
    const message = affectedMessage(xz.id, affected, { ...shown, language: "en" });
    expect(message.headline).toBe("CVE-2024-3094 affects 3 images and node pools, 3 running in 3 clusters");
    const said = JSON.stringify(message.parts);
    for (const words of ["aks (Sub s1)", "aks (Sub s2)", "aks-3"]) expect(said).toContain(`"${words}"`);
  });

  it("is empty where no one has it", async () => {
    expect(await findVulnerability(estate, "CVE-1999-1")).toEqual([]);
  });
});

describe("artifacts", () => {
  it.each<[string, ArtifactQuery, string[]]>([
    ["all, the worst first", {}, ["nodes", "tool", "web", "old", "clean"].sort()],
    ["of a repository", { image: "shop/web" }, ["old", "web"]],
    ["of a repository with its registry", { image: "contoso/shop/web" }, ["old", "web"]],
    ["of a repository with the registry's address", { image: "contoso.azurecr.io/shop/web:1.8" }, ["web"]],
    ["with a tag", { image: "SHOP/web:1.7" }, ["old"]],
    ["by the beginning of a digest", { image: digestOf("tool").slice(7, 15) }, ["tool"]],
    ["by a digest after the repository", { image: `dev/tool@${digestOf("tool")}` }, ["tool"]],
    ["that is clean, where it was asked for by name", { image: "shop/clean" }, ["clean"]],
    ["of no such name", { image: "shop/we" }, []],
    ["in a cluster", { scope: { kind: "cluster", pattern: "aks-*" } }, ["nodes", "web"]],
    ["in a registry", { scope: { kind: "registry", pattern: "tools" } }, ["tool"]],
    ["that are node pools", { kind: "node-pool" }, ["nodes"]],
    ["that run", { running: true }, ["nodes", "web"]],
    ["with something to fix", { fixable: true }, ["tool", "web"]],
    ["of a severity, the unknown among them", { severity: "critical" }, ["nodes", "old", "tool"]],
  ])("are found: %s", async (_, query, names) => {
    expect((await findArtifacts(estate, query)).map(({ artifact }) => artifact.name).sort()).toEqual(names);
  });

  it("come with their counts, and their findings, the worst first", async () => {
    const [tool, ...others] = await findArtifacts(estate, { kind: "image" });
    expect(tool).toMatchObject({ counts: { critical: 1, high: 1 }, total: 2, fixable: 1, exploits: 0 });
    expect(tool!.findings()).toEqual([xz, ssl]);
    expect(others.map(({ artifact }) => artifact.name).slice(0, 2)).toEqual(["web", "old"]);
  });
});

describe("a question about 200,000 findings", () => {
  it("lets others in while it is answered", async () => {
    const large = snapshot(2, manyImages(1000, 200));
    const [, one] = [...large.dictionary.entries()][500]!;
    await findVulnerability(large, one.id);
    const others = { turns: 0, waiting: true };
    const turn = () => {
      others.turns++;
      if (others.waiting) setImmediate(turn);
    };
    setImmediate(turn);
    expect((await findVulnerability(large, one.id)).length).toBeGreaterThan(0);
    others.waiting = false;
    expect(others.turns).toBeGreaterThan(2);
  });
});
