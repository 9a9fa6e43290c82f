import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { changeKinds, type RescanDigest } from "../../src/domain/findings/digest/delta.ts";
import type { PushedImage } from "../../src/domain/findings/digest/pushed.ts";
import type { Message } from "../../src/message/message.ts";
import { plainText } from "../../src/message/plain.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { changeOf, deflatedRows, digestOf, headOf, slot } from "../digests.ts";
import { definitions, linesOf, textOf } from "../dispatch-parts.ts";

const rescan = definitions.notifiers.get("rescan")!;
const pushed = definitions.notifiers.get("pushed")!;
const render = (about: Partial<RescanDigest> = {}, language: "en" | "ja" = "en") =>
  rescan.render(rescan.event.parse(digestOf(about)), { language, now: slot, posted: slot });
const first = (about: Partial<RescanDigest>, language: "en" | "ja" = "en") =>
  plainText(render(about, language).headline, language);
const kindsOfParts = ({ parts }: Message) => parts.map((part) => Object.keys(part)[0]);

describe("the first line of a digest is the answer", () => {
  const cases: [string, Partial<RescanDigest>, string][] = [
    [
      "new, fixed and rebuilt",
      {
        counts: { new: { high: 3, medium: 9 }, fixed: { low: 40 } },
        rebuilt: [rebuiltOf("frontend:1.8"), rebuiltOf("api:2")],
      },
      "12 new findings (3 High), 40 fixed since 23 Nov 08:00 UTC · 2 images rebuilt",
    ],
    ["nothing", {}, "Nothing changed since 23 Nov 08:00 UTC: 812 open findings"],
    [
      "nothing of what the channel wants to know",
      { filtered: true, open: {} },
      "Nothing changed within this channel's filters since 23 Nov 08:00 UTC: 0 open findings",
    ],
    [
      "the first scan",
      { before: undefined },
      "First scan: 812 open findings. From the next scan, only changes are posted",
    ],
    [
      "far fewer without an error",
      { suspicious: { shrunk: true, silent: [], before: 40_112, now: 0, scans: 1 }, counts: {} },
      "Far fewer findings than on 23 Nov 08:00 UTC (40,112 → 0) and no error: nothing is announced as fixed",
    ],
    [
      "new images are counted apart",
      { counts: { "new-image": { critical: 1, low: 119 } }, newImages: 3 },
      "120 in 3 new images (1 Critical) since 23 Nov 08:00 UTC",
    ],
    [
      "bad news before good",
      { counts: { fixed: { low: 1 }, withdrawn: { low: 2 }, regressed: { high: 1 }, raised: { high: 2 } } },
      "1 regressed (1 High), 2 raised in severity (2 High), 1 fixed, 2 withdrawn since 23 Nov 08:00 UTC",
    ],
    [
      "gone with their images",
      { counts: { gone: { low: 7 } }, goneImages: 2 },
      "7 gone since 23 Nov 08:00 UTC · 2 images gone",
    ],
    [
      "what could not be read is no change for the better",
      { counts: { "not-read": { high: 120 }, "scan-missing": { low: 4 } } },
      "4 not scanned, 120 couldn't be read since 23 Nov 08:00 UTC",
    ],
    [
      "an image without findings",
      { newImages: 1 },
      "No finding changed since 23 Nov 08:00 UTC · 1 new image",
    ],
  ];
  it.each(cases)("%s", (_name, about, line) => expect(first(about)).toBe(line));

  it("in Japanese", () => {
    expect(first({ counts: { new: { high: 3 }, fixed: { low: 4 } } }, "ja")).toMatch(
      /からの変化: 新規 3 件 \(高 3 件\)、修正済み 4 件$/,
    );
    expect(first({}, "ja")).toMatch(/から変化はありません。未対応は 812 件です$/);
    expect(first({ filtered: true }, "ja")).toMatch(/^このチャンネルの絞り込みでは .*から変化はありません/);
  });
});

describe("a digest says", () => {
  it("every class with its severities, each in words of its own", () => {
    const counts = Object.fromEntries(changeKinds.map((kind, index) => [kind, { high: index + 1 }]));
    for (const language of ["en", "ja"] as const) {
      const { parts } = render({ counts, newImages: 2, goneImages: 1 }, language);
      const facts = parts.flatMap((part) => ("facts" in part ? part.facts : []));
      expect(new Set(facts.map(([label]) => label)).size).toBe(changeKinds.length + 1);
      for (const index of changeKinds.keys()) expect(textOf(facts[index])).toContain(`${index + 1}`);
    }
  });

  it("nothing but one line on a quiet day; what was read is in the thread", () => {
    const quiet = render();
    expect(quiet.parts).toEqual([]);
    expect(textOf(quiet.thread)).toMatch(/individual.*1,200 rows.*no rows: registry images \(grouped\)/s);
  });

  it("what could not be read, on a day on which nothing else changed", () => {
    const unread = [{ id: "s2", name: "開発", why: "denied" as const, detail: "" }];
    const message = render({ unread });
    expect(message.tone).toBe("warning");
    expect(textOf(message.parts)).toMatch(/1 of 3 couldn't be read: access denied \(開発\)/);
  });

  it.each<[string, Partial<RescanDigest>, string, RegExp]>([
    ["images that were not read", { head: headOf({ stale: 5 }) }, "warning", /5 images/],
    [
      "a model that was not read as a whole",
      { head: headOf({ models: [{ model: "individual", rows: 3, error: "throttled" }] }) },
      "warning",
      /Could not be read as a whole/,
    ],
    ["nothing scanned at all", { head: headOf({ artifacts: 0 }) }, "neutral", /^$/],
    ["a filter that lets nothing through", { filtered: true, open: {} }, "neutral", /^$/],
  ])("no green check on a quiet day, nor for what was fixed, with %s", (_, about, tone, why) => {
    const quiet = render(about);
    expect(quiet.tone).toBe(tone);
    expect(textOf(quiet.parts)).toMatch(why);
    expect(render({ ...about, counts: { fixed: { low: 1 } } }).tone).toBe(tone);
  });

  it("which registries are compared by push time, what is exempted, what was taken over", () => {
    const head = headOf({ untagged: ["contosolab"], exempted: 7, disabled: 2, stale: 5 });
    const unread = [{ id: "s2", name: "開発", why: "denied" as const, detail: "" }];
    const message = render({ head, unread, counts: { new: { low: 1 } } });
    expect(textOf(message.thread)).toMatch(/7 exempted, 2 disabled.*push time.*contosolab.*5 images/s);
    expect(textOf(message.parts)).toMatch(/7 exempted.*access denied \(開発\)/s);
  });

  it("in one line that details of CVEs became known, on a quiet day too, and warns of nothing", () => {
    const quiet = render({ learned: 1234 });
    expect(quiet.tone).toBe("good");
    expect(quiet.parts).toEqual([
      {
        note: "CVE details can be read now. Severity and exploit data of 1,234 CVEs were added; this isn't reported as a change.",
      },
    ]);
    expect(textOf(render({ learned: 1, counts: { new: { high: 1 } } }).parts)).toContain(
      "of 1 CVE was added",
    );
    expect(textOf(render({ learned: 1234 }, "ja").parts)).toContain(
      "1,234 件の CVE の重大度とエクスプロイト情報が判明しました",
    );
  });

  it.each<[string, Partial<RescanDigest>, RegExp, RegExp]>([
    [
      "a model that failed",
      { head: headOf({ models: [{ model: "individual", rows: 9, error: "truncated" }] }) },
      /Could not be read as a whole.*individual/,
      /一部または全部/,
    ],
    ["new images in part", { head: headOf({ partial: 1 }) }, /only in part/, /一部しか/],
    [
      "details of CVEs",
      { head: headOf({ details: { state: "no-access", wanted: 9, unknown: 3 } }) },
      /CVE details/,
      /CVE の詳細/,
    ],
    [
      "one subscription",
      { unread: [{ id: "s2", name: "開発", why: "denied", detail: "" }] },
      /access denied \(開発\)/,
      /開発/,
    ],
  ])("what was not read, and never checks it off: %s", (_name, about, en, ja) => {
    for (const counts of [{}, { fixed: { high: 3 } }]) {
      const message = render({ ...about, counts });
      expect(message.tone).toBe("warning");
      expect(textOf(message.parts)).toMatch(en);
      expect(textOf(render({ ...about, counts }, "ja").parts)).toMatch(ja);
    }
    const firstScan = render({ ...about, before: undefined });
    expect(firstScan.tone).toBe("neutral");
    expect(textOf(firstScan.parts)).toMatch(en);
  });

  it("that a model fell silent, and calls nothing of it fixed", () => {
    const suspicious = { shrunk: false, silent: ["individual"], before: 1200, now: 1200, scans: 1 };
    const models = [{ model: "individual" as const, rows: 0, silent: 1, had: 12 }];
    const message = render({ suspicious, head: headOf({ models }) });
    expect(textOf(message.parts)).toMatch(/individual.*None of these findings count as fixed/);
    expect(textOf(message.thread)).toContain("returned no rows, but had findings before");
  });

  it("rebuilt images with both digests, and how they were compared", () => {
    const text = textOf(
      render({ rebuilt: [rebuiltOf("frontend:1.8"), { ...rebuiltOf("batch"), by: "push-time" }] }).parts,
    );
    expect(text).toContain("frontend:1.8  (was a1b2c3, now c3d4e5): 12 fixed, 2 new");
    expect(text).toMatch(/batch.* · by push time/);
  });

  it("registries and clusters, those with the most changes first, and how many more there are", () => {
    const places = Array.from({ length: 7 }, (_, added) => ({
      name: `acr${added}`,
      kind: "registry" as const,
      open: { high: 1 },
      added,
      fixed: 0,
    }));
    const text = textOf(render({ places, counts: { new: { low: 1 } } }).parts);
    expect(text.indexOf("acr6")).toBeLessThan(text.indexOf("acr2"));
    expect(text).toContain("and 2 more");
    expect(text).not.toContain("acr1");
  });

  it("the worst as a table with its fix and a link, and the way to who else has it", () => {
    const raised = changeOf({ kind: "raised", before: { severity: "high", fix: "none", exploit: false } });
    const message = render({ worst: [raised], counts: { raised: { critical: 1 } } });
    const table = message.parts.find((part) => "table" in part);
    expect(table && "table" in table && table.table.rows).toEqual([
      [
        "🟠 High → 🔴 Critical",
        { link: "CVE-2024-3094", url: "https://nvd.nist.gov/vuln/detail/CVE-2024-3094" },
        "team/frontend:1.8",
        "xz-utils",
        "5.6.0 → 5.6.2",
        "known",
        "aks-web",
        "Severity raised",
        "970 days ago",
      ],
    ]);
    expect(linesOf(message)).toContain("vulnerabilities CVE-2024-3094");
    expect(message.tone).toBe("bad");
  });

  it("the trend of the last 20 scans as one line for each severity", () => {
    const trend = Array.from({ length: 25 }, (_, day) => ({
      slot: new Date(Date.UTC(2026, 10, day + 1, 8)).toISOString(),
      open: { critical: day, unknown: 5 },
      fixed: 0,
      added: 0,
    }));
    const message = render({ trend, counts: { new: { low: 1 } } });
    const chart = message.parts.find((part) => "chart" in part);
    expect(chart && "chart" in chart && chart.chart).toMatchObject({
      kind: "line",
      series: [{ name: "Critical" }, { name: "Unknown" }],
    });
    expect(chart && "chart" in chart && chart.chart.categories).toHaveLength(20);
    expect(chart && "chart" in chart && chart.chart.series[0]!.values.at(-1)).toBe(24);
  });

  it("every change in a dated file, formulas defused, and how many rows it had no room for", () => {
    const deflated = deflatedRows([["new", "CVE-2024-3094", "=cmd|' /C calc'!A0"]]);
    const message = render({ counts: { new: { low: 3 } }, changes: { rows: 3, kept: 1, deflated } });
    const { head, thread } = compile(message, { language: "en" });
    const [file] = [head, ...thread].flatMap(({ files }) => files);
    expect(file?.name).toBe("rescan-2026-11-24-08-00.csv");
    expect(file?.content).toBe("\uFEFFkind,vulnerability,image\r\nnew,CVE-2024-3094,'=cmd|' /C calc'!A0\r\n");
    expect(textOf(message.parts)).toContain("2 are left out");
  });
});

it("the rows of the file are read when it is posted itself, not with each message of the digest", () => {
  const message = render({ counts: { new: { low: 1 } }, changes: { rows: 1, deflated: "not deflated" } });
  const { head, thread } = compile(message, { language: "en" });
  const [file] = [head, ...thread].flatMap(({ files }) => files);
  expect(head.text).toContain("1 new finding");
  expect(() => file?.content).toThrow();
});

describe("whatever Defender says,", () => {
  const nasty = fc.constantFrom(
    "<!channel>",
    "a".repeat(20_000),
    "",
    "{{count}}",
    "\u202Egnp",
    "`x`*_~",
    "=1+1",
  );
  const hostile = fc.record({
    image: nasty,
    id: nasty,
    name: nasty,
    many: fc.nat(60),
    kinds: fc.subarray([...changeKinds]),
    language: fc.constantFrom("en" as const, "ja" as const),
    baseline: fc.boolean(),
  });

  it("Slack takes the digest in both languages, with charts and tables or without", () => {
    fc.assert(
      fc.property(hostile, ({ image, id, name, many, kinds, language, baseline }) => {
        const vulnerability = {
          ...changeOf().vulnerability,
          id,
          package: name,
          version: name,
          fixed: name,
          published: name,
        };
        const change = changeOf({ image, vulnerability, clusters: [name, name] });
        const place = { name, kind: "registry" as const, open: { high: 1 }, added: 1, fixed: 1 };
        const message = render(
          {
            ...(baseline && { before: undefined }),
            counts: Object.fromEntries(kinds.map((kind) => [kind, { unknown: many + 1 }])),
            worst: Array.from({ length: Math.min(20, many) }, () => change),
            rebuilt: Array.from({ length: many }, () => rebuiltOf(image)),
            places: Array.from({ length: many }, () => place),
            trend: Array.from({ length: many }, () => ({
              slot: name,
              open: { high: many },
              fixed: 0,
              added: 0,
            })),
            unread: Array.from({ length: many }, () => ({ id, name, why: "denied" as const, detail: name })),
            head: headOf({
              untagged: Array.from({ length: many }, () => name),
              models: [{ model: "individual", rows: 0, error: name }],
            }),
          },
          language,
        );
        for (const refused of [[], ["data_table", "data_visualization"]]) {
          const { head, thread } = compile(message, { language, refused });
          for (const { blocks } of [head, ...thread]) expect(refuseBlocks(blocks)).toBeUndefined();
        }
        expect(kindsOfParts(message).filter((kind) => kind === "table").length).toBeLessThanOrEqual(1);
        for (const line of linesOf(message)) expect(line.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a newly pushed image", () => {
  const image: PushedImage = {
    v: 1,
    digest: `sha256:${"a1b2c3".repeat(10)}aaaa`,
    place: {
      subscription: { id: "s1", name: "prod-east" },
      registry: "contosoprod",
      repository: "team/frontend",
      tags: ["1.9"],
      pushed: "2026-11-24T09:00:00.000Z",
    },
    least: "critical",
    worst: [changeOf().vulnerability],
    count: 4,
    seen: "2026-11-24T09:10:00.000Z",
  };
  const shown = (language: "en" | "ja") =>
    pushed.render(pushed.event.parse(image), { language, now: slot, posted: slot });

  it("is named with what fixes it", () => {
    expect(shown("en").headline).toBe("New image team/frontend:1.9: 4 fixable findings of severity Critical");
    expect(textOf(shown("en").parts)).toMatch(/contosoprod · prod-east.*a1b2c3.*5\.6\.0 → 5\.6\.2/s);
    expect(textOf(shown("ja").headline)).toContain("重大度「重大」の修正可能な検出結果 4 件");
    expect(linesOf(shown("en"))[0]).toMatch(/^vulnerabilities sha256:a1b2c3/);
  });

  it("says that severities are incomplete where details of CVEs could not be read", () => {
    const details = { state: "no-access" as const, wanted: 4, unknown: 4 };
    const message = pushed.render(pushed.event.parse({ ...image, details }), {
      language: "en",
      now: slot,
      posted: slot,
    });
    expect(textOf(message.parts)).toMatch(/no access to CVE details|CVE details/);
    expect(textOf(shown("en").parts)).not.toContain("CVE details");
  });

  it("is one notification for each severity asked for, whenever it is seen again", () => {
    const again = { ...image, seen: "2026-11-24T09:20:00.000Z" };
    expect(pushed.key(again)).toBe(pushed.key(image));
    expect(pushed.key({ ...image, least: "high" })).not.toBe(pushed.key(image));
  });
});

function rebuiltOf(image: string): RescanDigest["rebuilt"][number] {
  const [from, to] = ["a1b2c3", "c3d4e5"].map((part) => `sha256:${part.repeat(10)}0000`);
  return { image, from: from!, to: to!, fixed: 12, added: 2, by: "tag", where: [] };
}
