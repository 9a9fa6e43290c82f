import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { findArtifacts } from "../../src/domain/findings/search/find-artifacts.ts";
import { inventoryOf, matchesWords } from "../../src/domain/inventory/inventory.ts";
import type { Located, Scope } from "../../src/domain/scope/scope.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { clusterOf, coverage, known, unknown } from "../dispatch-estate.ts";
import { benchOf, last, linesOf, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import {
  digest,
  findingsWith,
  located,
  snapshotOf,
  used,
  vulnerabilityOf,
  type Written,
} from "../snapshots.ts";

const redis = redisForThisFile();
const critical = vulnerabilityOf("CVE-2024-3094", { severity: "critical" });
const high = vulnerabilityOf("CVE-2022-0778");
const images: Written[] = [
  {
    key: digest("a"),
    places: [{ ...located("acrshop", "team/frontend", "1.8", "latest"), pushed: "2026-11-01T00:00:00.000Z" }],
    uses: [used("aks-shop", "frontend"), used("aks-private", "frontend")],
    scanned: "2026-11-22T08:00:00.000Z",
    findings: [critical, high],
  },
  {
    key: digest("b"),
    places: [located("acrother", "tools", "1")],
    uses: [used("aks-shop", "cron")],
    findings: [high],
  },
  { key: digest("c"), places: [located("acrshop", "team/unused")], findings: [] },
  { key: "/subscriptions/s1/pools/apps", kind: "node-pool", name: "apps", findings: [high] },
];
const estate = {
  ...coverage,
  clusters: [
    clusterOf("aks-shop", {
      pools: [
        { name: "system", os: "linux" as const, count: 3 },
        { name: "win", os: "windows" as const, count: 1 },
      ],
    }),
    clusterOf("aks-private", { private: true, sensorProfile: known("off"), automatic: true }),
    clusterOf("aks-unread", { sensorProfile: unknown("AuthorizationFailed") }),
  ],
};
const artifacts = await findArtifacts(snapshotOf(images), { kind: "image" });

async function ask(line: string, some: Written[] | null = images, language: "en" | "ja" = "en") {
  const store = openStore(redis.connect(), redis.prefix(), []);
  const findings = findingsWith(some ? snapshotOf(some) : undefined);
  const azure = { coverage: async () => read(estate) };
  const bench = benchOf({ ...store, findings }, { azure });
  const message = last(await bench.say(line, { language }));
  const { head, thread } = compile(message, { language });
  for (const { blocks } of [head, ...thread]) expect(refuseBlocks(blocks ?? [])).toBeUndefined();
  return message;
}

describe("an inventory", () => {
  const of = (scope?: Scope) => {
    const { clusters, registries, images: some, workloads } = inventoryOf(estate, artifacts, scope);
    return {
      clusters: clusters.map(({ cluster: { name }, images: number, workloads: runs, counts }) =>
        [name, number, runs, counts?.critical ?? 0, counts?.high ?? 0].join(" "),
      ),
      registries: registries.map(({ registry: { name }, repositories, images: number, running }) =>
        [name, repositories, number, running].join(" "),
      ),
      images: some.map(({ artifact }) => artifact.key.slice(7, 8)),
      workloads: workloads.map(({ place, workload }) => `${place.cluster}/${workload}`),
    };
  };

  it("links clusters, registries, images and workloads; each image counts once", () => {
    expect(of()).toEqual({
      clusters: ["aks-shop 2 2 1 2", "aks-private 1 1 1 1", "aks-unread 0 0 0 0"],
      registries: ["acrshop 2 2 1"],
      images: ["a", "b", "c"],
      workloads: ["aks-private/frontend", "aks-shop/frontend", "aks-shop/cron"],
    });
  });

  it("of a cluster has what runs there and where that comes from", () => {
    expect(of({ kind: "cluster", pattern: "aks-private" })).toEqual({
      clusters: ["aks-private 1 1 1 1"],
      registries: ["acrshop 1 1 1"],
      images: ["a"],
      workloads: ["aks-private/frontend"],
    });
  });

  it("of a registry has the clusters that run its images", () => {
    const { clusters, workloads } = of({ kind: "registry", pattern: "acrshop" });
    expect(clusters).toEqual(["aks-private 1 1 1 1", "aks-shop 1 1 1 1"]);
    expect(workloads).toEqual(["aks-private/frontend", "aks-shop/frontend"]);
  });

  it("tells clusters of one name in two resource groups apart where findings do", () => {
    const twin = clusterOf("aks-shop", { resourceGroup: "rg-twin", id: "/twin" });
    const both = { ...estate, clusters: [...estate.clusters.slice(0, 1), twin] };
    const use = { ...used("aks-shop", "api"), resourceGroup: "rg-twin" } as Located & ReturnType<typeof used>;
    const run = [{ key: digest("d"), places: [], uses: [use], findings: [high] }];
    return findArtifacts(snapshotOf(run), { kind: "image" }).then((some) => {
      const { clusters } = inventoryOf(both, some, undefined);
      expect(clusters.map(({ cluster, images: count }) => `${cluster.resourceGroup} ${count}`)).toEqual([
        "rg-twin 1",
        "rg-shop 0",
      ]);
    });
  });

  it.each([
    [undefined, true],
    ["FRONT prod", true],
    ["frontend dev", false],
    ["  ", true],
  ])("matches %s: %s", (words, matches) => {
    expect(matchesWords(words, ["team/frontend", undefined, "prod-east"])).toBe(matches);
  });
});

describe("inventory", () => {
  it("counts every kind, and leads from a cluster to what runs there", async () => {
    const message = await ask("inventory");
    expect(message.headline).toBe("3 clusters, 1 registry, 3 images, 3 running workloads");
    const text = textOf(message);
    expect(text).toMatch(/aks-shop.*system × 3, win × 1.*No.*On/s);
    expect(text).toMatch(/aks-private.*Yes.*Helm/s);
    expect(text).toMatch(/aks-unread.*Unknown/s);
    expect(linesOf(message)).toEqual(
      expect.arrayContaining([
        "inventory cluster:aks-shop --kind workloads",
        "inventory --kind images",
        "inventory --csv",
      ]),
    );
  });

  it("shows images with digest, tags, push, scan and where they run, and leads to their findings", async () => {
    const message = await ask("inventory --kind images --csv");
    expect(message.headline).toBe("3 images");
    expect(textOf(message)).toMatch(
      /team\/frontend:1\.8.*sha256:aaaaaaaaaaaa.*acrshop.*1\.8.*2026-11-01.*2026-11-22.*aks-/s,
    );
    expect(linesOf(message)[0]).toBe(`vulnerabilities ${digest("a")}`);
    const files = message.parts.flatMap((part) => ("file" in part ? [part.file] : []));
    expect(files.map(({ csv }) => csv.length)).toEqual([4]);
  });

  it("searches names and links alike, in what is shown and in its files", async () => {
    const message = await ask('inventory --search "acrother cron" --csv');
    expect(message.headline).toBe(
      "0 clusters, 0 registries, 1 image, 1 running workload · filters: search: acrother cron",
    );
    const files = message.parts.flatMap((part) => ("file" in part ? [part.file] : []));
    expect(files.map(({ name }) => name.replace(/-2026.*/, ""))).toEqual([
      "inventory-images",
      "inventory-workloads",
    ]);
    const none = await ask("inventory --search nowhere");
    expect([none.tone, none.headline]).toEqual(["warning", "Nothing matches · filters: search: nowhere"]);
  });

  it("names the registry in the menu: several have images of the same name", async () => {
    const [menu] = (await ask("inventory --kind images")).parts.flatMap((part) =>
      "actions" in part ? part.actions : [],
    );
    const labels = menu && "menu" in menu ? menu.options.map(({ label }) => label) : [];
    expect(labels).toContain("tools:1 · acrother");
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("doesn't call images and workloads none before the first scan", async () => {
    const message = await ask("inventory", null);
    expect(message.headline).toBe("3 clusters, 1 registry");
    const clusters = message.parts.flatMap((part) => ("table" in part ? part.table.rows : []));
    expect(clusters.map((row) => row.slice(5, 9))).toEqual(clusters.map(() => ["–", "–", "–", "–"]));
    expect(textOf(message)).toContain("Images and workloads are unknown: no scan has been read yet");
    const workloads = await ask("inventory --kind workloads", null);
    expect([workloads.tone, workloads.headline]).toEqual(["warning", "Unknown: no scan has been read yet"]);
  });

  it("answers a scope that names nothing as such", async () => {
    expect(textOf(await ask("inventory cluster:aks-nowhere"))).toContain("No cluster");
  });

  it("shows hostile names harmlessly, in both languages", async () => {
    const nasty = [
      "<!channel> <@U0AKIRA0001>",
      "*b* `c` ```pre``` :fire: &amp;",
      "\u202Egpj.exe \u0000\u001B[31m",
      '"quoted" \\ --csv {{count}}',
      "長".repeat(3000),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...nasty),
        fc.constantFrom("clusters", "registries", "images", "workloads"),
        fc.constantFrom("en" as const, "ja" as const),
        async (name, kind, language) => {
          const hostile = [
            {
              key: digest("e"),
              places: [located(name, name, name)],
              uses: [used(name, name)],
              findings: [high],
            },
          ];
          await ask(`inventory --kind ${kind} --csv`, hostile, language);
        },
      ),
      { numRuns: 20 },
    );
  });
});
