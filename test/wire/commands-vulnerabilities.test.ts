import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import type { SnapshotHead } from "../../src/domain/findings/model/snapshot.ts";
import { readQuestion } from "../../src/domain/findings/search/question.ts";
import type { Message } from "../../src/message/message.ts";
import { plainText } from "../../src/message/plain.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { headOf } from "../digests.ts";
import { benchOf, last, linesOf, textOf } from "../dispatch-parts.ts";
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
const xz = vulnerabilityOf("CVE-2024-3094", {
  package: "xz-utils",
  version: "5.6.1",
  fixed: "5.6.2",
  severity: "critical",
  exploit: true,
  published: "2024-03-29",
  seen: "2026-11-03",
});
const ssl = vulnerabilityOf("CVE-2022-0778");
const perl = vulnerabilityOf("CVE-2023-31486", {
  package: "perl",
  severity: "unknown",
  fix: "none",
  fixed: undefined,
});
const estate: Written[] = [
  {
    key: digest("a"),
    places: [located("contosoprod", "team/frontend", "1.8")],
    uses: [used("aks-web", "frontend"), used("aks-eu", "frontend")],
    exempted: 3,
    findings: [xz, ssl],
  },
  { key: digest("b"), places: [located("contosolab", "tools", "1")], findings: [ssl, perl] },
  {
    key: "/subscriptions/s1/pools/apps",
    kind: "node-pool",
    name: "apps",
    at: { subscription: { id: "s1", name: "prod-east" }, cluster: "aks-web" },
    findings: [ssl],
  },
];
const snapshot = snapshotOf(estate);

async function ask(
  line: string,
  about: { of?: typeof snapshot; language?: "en" | "ja" } = {},
): Promise<Message> {
  const store = {
    ...openStore(redis.connect(), redis.prefix(), []),
    findings: findingsWith(about.of ?? snapshot),
  };
  const one = benchOf(store);
  const message = last(await one.say(line, { language: about.language ?? "en" }));
  expect(one.errors).toEqual([]);
  const { head, thread } = compile(message, { language: about.language ?? "en" });
  for (const { blocks } of [head, ...thread]) expect(refuseBlocks(blocks)).toBeUndefined();
  return message;
}

const rowsOf = ({ parts }: Message) => parts.flatMap((part) => ("table" in part ? part.table.rows : []));
const csvOf = ({ parts }: Message) => parts.flatMap((part) => ("file" in part ? part.file.csv.slice(1) : []));

describe("what a person asks about findings", () => {
  it.each([
    [undefined, { kind: "everything" }],
    ["cve-2024-3094", { kind: "vulnerability", id: "CVE-2024-3094" }],
    ["GHSA-jfh8-c2jp-5v3q", { kind: "vulnerability", id: "GHSA-JFH8-C2JP-5V3Q" }],
    ["team/frontend:1.8", { kind: "image", image: "team/frontend:1.8" }],
    [digest("a"), { kind: "image", image: digest("a") }],
    ["cluster:aks-*", { kind: "scope", scope: { kind: "cluster", pattern: "aks-*" } }],
    ["prod-*", { kind: "scope", scope: { kind: "any", pattern: "prod-*" } }],
    ["Nodes", { kind: "nodes" }],
    ["frontend", { kind: "name", name: "frontend" }],
  ])("%s", (words, question) => expect(readQuestion(words)).toEqual(question));
});

describe("who is affected by a vulnerability", () => {
  it("names images, registries, the workloads that run them, and the fix", async () => {
    const message = await ask("vulnerabilities cve-2024-3094");
    expect(message.headline).toBe("CVE-2024-3094 affects 1 image or node pool, 1 running in 2 clusters");
    expect(rowsOf(message)).toEqual(
      ["aks-eu", "aks-web"].map((cluster) => [
        "team/frontend:1.8",
        "contosoprod",
        cluster,
        "shop",
        "frontend",
        "frontend",
        "xz-utils",
        "5.6.1 → 5.6.2",
      ]),
    );
    expect(textOf(message.parts)).toMatch(
      /Critical.*nvd\.nist\.gov\/vuln\/detail\/CVE-2024-3094.*known.*First seen here.*2026-11-03/s,
    );
    expect(textOf((await ask("vulnerabilities CVE-2022-0778")).parts)).not.toContain("First seen");
  });

  it("counts node pools, and what does not run", async () => {
    const message = await ask("vulnerabilities CVE-2022-0778");
    expect(message.headline).toBe("CVE-2022-0778 affects 3 images and node pools, 2 running in 2 clusters");
    const running = await ask("vulnerabilities CVE-2022-0778 --running");
    expect(rowsOf(running).map(([name]) => name)).not.toContain("tools:1");
  });

  it("“not found” names how much was scanned, has no green check, and is a warning where not all was read", async () => {
    const absent = await ask("vulnerabilities CVE-2000-0001");
    expect(absent).toMatchObject({
      headline: "CVE-2000-0001 not found in the 40 images and node pools that were scanned",
      tone: "neutral",
    });
    const unread = [{ id: "s2", name: "開発", why: "denied" as const, detail: "" }];
    const unsure = await ask("vulnerabilities CVE-2000-0001", { of: snapshotOf(estate, { unread }) });
    expect(unsure).toMatchObject({
      headline: "CVE-2000-0001 not found in what could be read",
      tone: "warning",
    });
    expect(textOf(unsure.parts)).toContain("access denied (開発)");
  });

  it("says that only the filters leave no one", async () => {
    const message = await ask("vulnerabilities CVE-2023-31486 --fixable");
    expect(message).toMatchObject({
      headline: "CVE-2023-31486 not found with these filters; without them: 1 · filters: fixable",
      tone: "neutral",
    });
  });
});

describe("the findings of a part of the estate", () => {
  it("are counted in all and by place; each image has its way down", async () => {
    const message = await ask("vulnerabilities");
    expect(message.headline).toBe(
      "5 open findings in 3 images and node pools: 1 Critical, 3 High, 1 Unknown",
    );
    expect(textOf(message.parts)).toMatch(/By registry.*contosoprod.*2 \(1 Critical, 1 High\)/s);
    expect(textOf(message.parts)).toContain("3 exempted, 0 disabled");
    expect(rowsOf(message).map(([, name]) => name)).toEqual(["team/frontend:1.8", "tools:1", "apps"]);
    const [way] = linesOf(message);
    expect((await ask(way!)).headline).toBe("team/frontend:1.8: 2 open findings (1 Critical, 1 High)");
  });

  it.each([
    ["cluster:aks-web", ["team/frontend:1.8", "apps"]],
    ["registry:contosolab", ["tools:1"]],
    ["nodes", ["apps"]],
    ["--running --severity critical", ["team/frontend:1.8"]],
    ["--fixable", ["team/frontend:1.8", "apps", "tools:1"]],
    ["contosolab", ["tools:1"]],
  ])("%s", async (words, names) => {
    expect(rowsOf(await ask(`vulnerabilities ${words}`)).map(([, name]) => name)).toEqual(names);
  });

  it("an unknown severity passes every filter and is never called low", async () => {
    const message = await ask("vulnerabilities registry:contosolab --severity critical");
    expect(message.headline).toBe(
      "1 open finding in 1 image or node pool of registry:contosolab: 1 Unknown · filters: Critical",
    );
  });

  it("all rows are in the file, with what is needed to fix them", async () => {
    const rows = csvOf(await ask("vulnerabilities --csv"));
    expect(rows).toHaveLength(5);
    expect(rows[0]!.slice(0, 10)).toEqual([
      "critical",
      "CVE-2024-3094",
      "xz-utils",
      "5.6.1",
      "5.6.2",
      "available",
      "yes",
      "2024-03-29",
      "2026-11-03",
      "team/frontend:1.8",
    ]);
  });

  it("a green check is for what was scanned, all of it, with nothing that passes the filters", async () => {
    const none = "vulnerabilities registry:contosoprod --severity critical --running --fixable";
    const fixed = estate.map((one) => ({ ...one, findings: [ssl] }));
    expect(await ask(none, { of: snapshotOf(fixed) })).toMatchObject({
      headline: "No open finding of registry:contosoprod · filters: Critical, fixable, running",
      tone: "good",
    });
    const unread = [{ id: "s2", name: "開発", why: "denied" as const, detail: "" }];
    expect((await ask(none, { of: snapshotOf(fixed, { unread }) })).tone).toBe("warning");
  });
});

describe("a word that matches nothing in the scan", () => {
  const scopes = "No cluster, registry, resource group or subscription matches";
  it.each([
    ["sub:prod-eats", `${scopes} sub:prod-eats`, "sub:prod-east"],
    ["registry:contosolab2", `${scopes} registry:contosolab2`, undefined],
    ["aks-dmeo", `${scopes} aks-dmeo`, "aks-demo"],
    ["team/frontned", "No image in the last scan matches team/frontned", "team/frontend"],
    ["contosolab/tool:1", "No image in the last scan matches contosolab/tool:1", "contosolab/tools"],
    ["toolz", `${scopes} toolz`, "tools"],
    ["team/frontend:1.9", "No image in the last scan matches team/frontend:1.9", "team/frontend"],
    ["clustr:aks-*", "No image in the last scan matches clustr:aks-*", "cluster:aks-*"],
    ["cve-2024-309", `${scopes} cve-2024-309`, undefined],
    ["cluster:aks-demo", "Defender has no scan results for cluster:aks-demo", undefined],
  ])("%s is a warning: %s", async (word, headline, near) => {
    for (const filters of ["", " --severity high --fixable --running"]) {
      const message = await ask(`vulnerabilities ${word}${filters}`);
      expect(message.tone).toBe("warning");
      expect(plainText(message.headline, "en")).toBe(headline);
      const offered = linesOf(message).filter((line) => line.startsWith("vulnerabilities"));
      const options = filters ? " --severity high --fixable --running" : "";
      expect(offered).toEqual(near ? [`vulnerabilities ${near}${options}`] : []);
      expect((await ask(`vulnerabilities ${word}${filters}`, { language: "ja" })).tone).toBe("warning");
    }
  });

  it("is no green check where nothing at all was scanned", async () => {
    for (const line of ["vulnerabilities", "vulnerabilities nodes"]) {
      const message = await ask(line, { of: snapshotOf([]) });
      expect(message.tone).toBe("warning");
      expect(plainText(message.headline, "en")).toMatch(/^Defender has no scan results/);
    }
  });
});

describe("what was not read", () => {
  const denied = { id: "s2", name: "開発", why: "denied" as const, detail: "" };
  const unread: [string, Partial<SnapshotHead>, RegExp, RegExp][] = [
    [
      "details of CVEs: no permission",
      { details: { state: "no-access", wanted: 4, unknown: 4 } },
      /CVE details/,
      /CVE の詳細/,
    ],
    [
      "details of CVEs: permission for a part, some kept from before",
      { details: { state: "no-access", wanted: 4, unknown: 1 } },
      /CVE details/,
      /CVE の詳細/,
    ],
    [
      "details of CVEs: no answer",
      { details: { state: "failed", wanted: 4, unknown: 4, error: "503" } },
      /CVE details/,
      /CVE の詳細/,
    ],
    ["one subscription", { unread: [denied] }, /access denied \(開発\)/, /開発/],
    [
      "a model, cut off in the middle",
      { models: [{ model: "individual", rows: 1000, error: "truncated" }] },
      /Could not be read as a whole.*individual/,
      /一部または全部を読み取れませんでした/,
    ],
    [
      "findings of registries: silent all of a sudden",
      { models: [{ model: "individual-registry", rows: 0, silent: 1, had: 12 }] },
      /Returned no rows/,
      /0 行でした/,
    ],
    [
      "a part of new images",
      { partial: 2 },
      /2 images and node pools could be read only in part/,
      /2 個は一部/,
    ],
    ["what is shown as it was", { stale: 1 }, /could not be read in that scan/, /以前の内容/],
  ];
  it.each(unread)("comes first, and nothing gets a green check: %s", async (_name, about, en, ja) => {
    const clean: Written = { key: digest("f"), places: [located("contosoprod", "clean", "1")], findings: [] };
    const of = snapshotOf([...estate, clean], about);
    for (const [line, result] of [
      ["vulnerabilities CVE-2000-0001", /^CVE-2000-0001 not found in what could be read/],
      [
        "vulnerabilities registry:contosolab --running",
        /^No open finding of registry:contosolab in what could be read/,
      ],
      ["vulnerabilities registry:contosoprod --severity critical --fixable", /open finding/],
      ["vulnerabilities clean:1", /^clean:1: no open finding in what could be read/],
      ["vulnerabilities cve-2024-3094", /affects 1 image/],
    ] as const) {
      const message = await ask(line, { of });
      expect(message.tone, line).toMatch(/warning|bad/);
      expect(textOf(message.headline), line).toMatch(result);
      expect(textOf(message.parts), line).toMatch(en);
      const japanese = await ask(line, { of, language: "ja" });
      expect(textOf(japanese.parts), line).toMatch(ja);
      if (result.source.endsWith("what could be read")) expect(japanese.headline).toContain("読み取れた");
    }
  });
});

describe("one image", () => {
  it.each(["team/frontend", "team/frontend:1.8", "contosoprod/team/frontend:1.8", digest("a"), "aaaaaaaaaa"])(
    "is found as %s",
    async (name) => {
      const message = await ask(`vulnerabilities ${name}`);
      expect(textOf(message.headline)).toContain("2 open findings");
      expect(textOf(message.parts)).toMatch(/aks-web \/ shop \/ frontend.*3 exempted/s);
    },
  );
});

describe("whatever images and packages are called,", () => {
  const nasty = fc.constantFrom(
    "<!channel>",
    "",
    "a".repeat(5000),
    "{{count}}",
    "\u202Egnp",
    '"x" --csv',
    "=1+1",
  );
  const lines = ["", "nodes", "CVE-2024-3094", "registry:*", "--running --csv", digest("e")];

  it("Slack takes every answer in both languages, and its buttons are understood", async () => {
    await fc.assert(
      fc.asyncProperty(
        nasty,
        fc.nat(40),
        fc.constantFrom(...lines),
        fc.constantFrom("en" as const, "ja" as const),
        async (name, many, line, language) => {
          const vulnerability = { ...xz, package: name, version: name, fixed: name, published: name };
          const odd = vulnerabilityOf(name || "x", { package: name, severity: "unknown" });
          const places = Array.from({ length: many }, (_, n) => located(`${name}${n}`, name, name));
          const uses = Array.from({ length: many }, (_, n) => used(`${name}${n}`, name));
          const of = snapshotOf([
            { key: digest("e"), name, places, uses, findings: [vulnerability, odd] },
            { key: `/pools/${name}`, kind: "node-pool", name, findings: [vulnerability] },
          ]);
          const message = await ask(`vulnerabilities ${line}`, { of, language });
          for (const carried of linesOf(message)) {
            expect(carried.length).toBeLessThanOrEqual(6000);
            if (carried.length <= 2000) await ask(carried, { of, language });
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("a scan", () => {
  it("that was never read is said, with the schedule", async () => {
    const store = { ...openStore(redis.connect(), redis.prefix(), []), findings: findingsWith(undefined) };
    const message = last(await benchOf(store).say("vulnerabilities"));
    expect(textOf(message)).toMatch(/No scan has been read yet.*0 8 \* \* \*/s);
  });

  it("is dated, and says what in it is older or fell silent", async () => {
    const head = headOf({ stale: 2, models: [{ model: "individual", rows: 0, silent: 1, had: 12 }] });
    const message = await ask("vulnerabilities", { of: snapshotOf(estate, head) });
    expect(textOf(message.parts)).toMatch(/returned no rows.*individual.*2 images.*2026-11-24T08:03/is);
  });

  it("is answered in Japanese", async () => {
    const message = await ask("vulnerabilities CVE-2024-3094", { language: "ja" });
    expect(message.headline).toBe(
      "CVE-2024-3094 の影響を受けるイメージとノード プール: 1 個、うち 1 個が 2 個のクラスターで実行中",
    );
  });
});
