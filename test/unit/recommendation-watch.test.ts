import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { digestFilters } from "../../src/domain/findings/digest/digest-filter.ts";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import {
  compareRecommendations,
  type RecommendationsRead,
} from "../../src/domain/recommendations/watch/compare.ts";
import { recommendationsDigest } from "../../src/domain/recommendations/watch/digest.ts";
import type { RecommendationsWatch } from "../../src/domain/recommendations/watch/watch-state.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { digestMessage } from "../../src/notifiers/recommendations/digest-message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { timeAt, unreadOf } from "../coverage-readings.ts";
import { textOf } from "../dispatch-parts.ts";
import { assessed, privileged, readingAt } from "../recommendation-readings.ts";

const wish = (about: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  channel: "C1",
  topic: "recommendations",
  scopes: [],
  origin: "file",
  ...about,
});

/** The watch after some readings. */
async function watchOf(...readings: RecommendationsRead[]): Promise<RecommendationsWatch> {
  let watch: RecommendationsWatch | undefined;
  for (const read of readings) watch = await compareRecommendations(watch, read, read.asOf);
  return watch!;
}

function digest(watch: RecommendationsWatch, about: Partial<ChannelSubscription> = {}) {
  return recommendationsDigest(watch, digestFilters([wish(about)], "recommendations")[0]!);
}

/** `new: Title 0→1 (+1)` for each change of the last of some days. */
async function changes(
  days: (readonly Assessment[])[],
  about: Partial<ChannelSubscription> = {},
): Promise<string[]> {
  const watch = await watchOf(
    ...days.map((assessments, day) => readingAt(day * 24, assessments, { ids: ["s1", "s2"] })),
  );
  return lines(digest(watch, about));
}

function lines({ changes }: ReturnType<typeof digest>): string[] {
  return changes.map(({ kind, title, before, now, added, ended }) => {
    const parts = [
      added > 0 ? `+${added}` : "",
      ...Object.entries(ended).map(([how, count]) => `${how} ${count}`),
    ];
    return `${kind}: ${title} ${before}→${now} (${parts.filter(Boolean).join(", ")})`;
  });
}

const open = assessed("Restrict the API server", "aks-1");
const healthy = (one: Assessment): Assessment => ({ ...one, status: "healthy" });
const container = (pod: string, about: Partial<Assessment> = {}) =>
  assessed(privileged, "aks-1", { pod, type: "data-plane", key: "each", ...about });
const wholeCluster = (about: Partial<Assessment> = {}) =>
  assessed(privileged, "aks-1", { type: "data-plane", key: "whole", ...about });

describe("what changed since the last reading", () => {
  it.each<[string, Assessment[], Assessment[], string[]]>([
    ["nothing", [open], [open], []],
    ["a new recommendation", [healthy(open)], [open], ["new: Restrict the API server 0→1 (+1)"]],
    ["a fixed one", [open], [healthy(open)], ["fixed: Restrict the API server 1→0 (fixed 1)"]],
    [
      "one that affects more",
      [open],
      [open, assessed(open.title, "aks-2")],
      ["more: Restrict the API server 1→2 (+1)"],
    ],
    [
      "one that affects less",
      [open, assessed(open.title, "aks-2")],
      [open, healthy(assessed(open.title, "aks-2"))],
      ["fewer: Restrict the API server 2→1 (fixed 1)"],
    ],
    [
      "a higher severity",
      [open],
      [{ ...open, severity: "high" }],
      ["raised: Restrict the API server 1→1 ()"],
    ],
    ["a severity that is unknown today", [open], [{ ...open, severity: "unknown" }], []],
    ["a severity that was unknown", [{ ...open, severity: "unknown" }], [open], []],
    [
      "an exemption",
      [open],
      [{ ...open, status: "not-applicable", cause: "Exempt" }],
      ["exempt: Restrict the API server 1→0 (exempt 1)"],
    ],
    [
      "one of which a part is exempted and the rest fixed: not as fixed",
      [open, assessed(open.title, "aks-2")],
      [{ ...open, status: "not-applicable", cause: "Exempt" }, healthy(assessed(open.title, "aks-2"))],
      ["exempt: Restrict the API server 2→0 (exempt 1, fixed 1)"],
    ],
    ["a status that is none", [open], [{ ...open, status: "unknown" }], []],
    ["ids in other letter case", [open], [upper(open)], []],
    [
      "a pod that another one replaced",
      [container("web-1"), healthy(container("api"))],
      [container("web-2")],
      [],
    ],
  ])("tells %s", async (_, before, now, wanted) => {
    expect(await changes([before, now])).toEqual(wanted);
  });

  it.each<[string, Assessment[], Assessment[], string]>([
    [
      "one that is no longer reported",
      [open, assessed("Other", "aks-1")],
      [assessed("Other", "aks-1")],
      "withdrawn: Restrict the API server 1→0 (withdrawn 1)",
    ],
    ["a deleted cluster", [open], [], "fixed: Restrict the API server 1→0 (deleted 1)"],
  ])(
    "tells %s where two readings lack it, and nothing where Resource Graph missed a row once",
    async (_, before, now, wanted) => {
      expect(await changes([before, now])).toEqual([]);
      expect(await changes([before, now, now])).toEqual([wanted]);
      expect(await changes([before, now, before])).toEqual([]);
      expect(await changes([before, now, before, now])).toEqual([]);
      expect(await changes([before, now, now, now])).toEqual([]);
    },
  );

  it("keeps what it had while the management group of a subscription can't be read", async () => {
    const unread = [{ ...unreadOf("platform"), group: true as const }];
    const days = [readingAt(0, [open]), readingAt(24, [], { unread, ids: ["s2"] })];
    expect(lines(digest(await watchOf(...days)))).toEqual([]);
    const back = await watchOf(...days, readingAt(48, [healthy(open)]));
    expect(lines(digest(back))).toEqual(["fixed: Restrict the API server 1→0 (fixed 1)"]);
  });

  it("counts what a reading lacks as open, also across one of which nothing was read", async () => {
    const gap = { unread: [unreadOf("s1")] };
    const days = [readingAt(0, [open]), readingAt(24, []), readingAt(48, [], gap)];
    const blind = digest(await watchOf(...days));
    expect([lines(blind), blind.open]).toEqual([[], { medium: 1 }]);
    expect(lines(digest(await watchOf(...days, readingAt(72, []))))).toEqual([
      "fixed: Restrict the API server 1→0 (deleted 1)",
    ]);
  });

  it.each<[string, Assessment[], Assessment[]]>([
    ["a new title", [open], [{ ...open, title: "Limit who reaches the API server" }]],
    ["a new key under the same policy", [{ ...open, policy: "p1" }], [{ ...open, policy: "p1", key: "k2" }]],
    [
      "a new key while the old one is still listed",
      [{ ...open, policy: "p1" }],
      [healthy({ ...open, policy: "p1" }), { ...open, policy: "p1", key: "k2", title: "Limit it" }],
    ],
    [
      "similar words about the same clusters",
      [assessed("Services should listen on allowed ports", "aks-1", { key: "k1" })],
      [assessed("Containers should listen on allowed ports", "aks-1", { key: "k2" })],
    ],
    ["a newer generation", [wholeCluster()], [container("web"), container("api")]],
    ["both generations of it", [wholeCluster()], [wholeCluster(), container("web")]],
    [
      "a name of the catalogue",
      [wholeCluster()],
      [wholeCluster({ title: `[Preview] ${privileged}`, key: "k3" })],
    ],
  ])("takes a recommendation with %s for the same, neither fixed nor new", async (_, before, now) => {
    expect(await changes([before, now])).toEqual([]);
  });

  it("names what was renamed, and the old name no more on the next day", async () => {
    const renamed = { ...open, title: "Limit who reaches the API server" };
    const days = [readingAt(0, [open]), readingAt(24, [renamed]), readingAt(48, [renamed])];
    expect(digest(await watchOf(...days.slice(0, 2))).renamed).toEqual([
      { from: open.title, to: renamed.title },
    ]);
    expect(digest(await watchOf(...days)).renamed).toEqual([]);
  });

  it("does not take unlike recommendations about the same cluster for one", async () => {
    const other = assessed("Enable diagnostic logs", "aks-1");
    expect(await changes([[open], [other]])).toEqual(["new: Enable diagnostic logs 0→1 (+1)"]);
    expect(await changes([[open], [other], [other]])).toEqual([
      "withdrawn: Restrict the API server 1→0 (withdrawn 1)",
    ]);
  });

  it("of a generation that replaced another, the end counts", async () => {
    expect(await changes([[wholeCluster()], [healthy(container("web"))]])).toEqual([
      `fixed: ${privileged} 1→0 (fixed 1)`,
    ]);
    expect(await changes([[container("web")], [healthy(wholeCluster())]])).toEqual([
      `fixed: ${privileged} 1→0 (fixed 1)`,
    ]);
  });
});

describe("subscriptions that can't be read", () => {
  const there = assessed("Use private link", "aks-9", { subscription: "s2" });
  const ids = ["s1", "s2"];
  const gap = { ids, unread: [unreadOf("s2")] };

  it("are neither fixed on the day nor new on the next, and a change in between is reported late", async () => {
    const first = readingAt(0, [open, there], { ids });
    const blind = await watchOf(first, readingAt(24, [open], gap));
    expect([lines(digest(blind)), digest(blind).open]).toEqual([[], { medium: 2 }]);
    expect(
      lines(digest(await watchOf(first, readingAt(24, [open], gap), readingAt(48, [open, there], { ids })))),
    ).toEqual([]);
    const fixed = digest(
      await watchOf(first, readingAt(24, [open], gap), readingAt(48, [open, healthy(there)], { ids })),
    );
    expect(lines(fixed)).toEqual(["fixed: Use private link 1→0 (fixed 1)"]);
    expect(fixed.late).toEqual([{ name: "Subscription s2", since: timeAt(0) }]);
  });

  it("that were never read before are a baseline", async () => {
    const seen = digest(await watchOf(readingAt(0, [open], gap), readingAt(24, [open, there], { ids })));
    expect([lines(seen), seen.first]).toEqual([[], ["Subscription s2"]]);
  });

  it("in which nothing assesses any more keep what they had, but for what scanners say", async () => {
    const image = assessed("Update openssl", "aks-9", { subscription: "s2", type: "vulnerability" });
    const off = {
      ids,
      unassessed: [{ id: "s2", name: "Subscription s2", state: "off" as const, detail: "" }],
    };
    const days = [readingAt(0, [there, image], { ids }), readingAt(24, [healthy(image)], off)];
    expect(lines(digest(await watchOf(...days)))).toEqual(["fixed: Update openssl 1→0 (fixed 1)"]);
    expect(lines(digest(await watchOf(...days, readingAt(48, [there], { ids }))))).toEqual([]);
  });

  it("that are out of scope now are forgotten without a word", async () => {
    const watch = await watchOf(readingAt(0, [open, there], { ids }), readingAt(24, [open]));
    expect([lines(digest(watch)), Object.keys(watch.seen)]).toEqual([[], ["s1"]]);
  });
});

describe("the filters of a channel", () => {
  const there = assessed("Use private link", "aks-9", { subscription: "s2", severity: "low" });
  const sub = (pattern: string) => ({ scopes: [{ kind: "sub" as const, pattern }] });

  it("let through their scope and severity only", async () => {
    const days = [[], [open, there]];
    expect(await changes(days, sub("s1"))).toEqual(["new: Restrict the API server 0→1 (+1)"]);
    expect(await changes(days, { severity: "medium" })).toEqual(["new: Restrict the API server 0→1 (+1)"]);
    expect(await changes(days, { severity: "high" })).toEqual([]);
    expect(await changes([[open], [{ ...open, severity: "high" }]], { severity: "high" })).toEqual([
      "raised: Restrict the API server 1→1 ()",
    ]);
  });

  it("make it new for the channel that had none of it", async () => {
    const second = assessed(open.title, "aks-9", { subscription: "s2" });
    expect(await changes([[open], [open, second]], sub("s2"))).toEqual([
      "new: Restrict the API server 0→1 (+1)",
    ]);
    expect(await changes([[open], [open, second]])).toEqual(["more: Restrict the API server 1→2 (+1)"]);
  });
});

describe("the message", () => {
  const said = (watch: RecommendationsWatch, language: "en" | "ja" = "en") => {
    const message = digestMessage(digest(watch), language);
    refuseBlocks(compile(message, { language }).head.blocks ?? []);
    return message;
  };

  it("begins with a baseline, is one line where nothing changed, and says what did", async () => {
    const days = [
      readingAt(0, [open]),
      readingAt(24, [open]),
      readingAt(48, [{ ...open, severity: "high" }]),
    ];
    expect(said(await watchOf(days[0]!)).headline).toBe(
      "Watching recommendations from now on: 1 open (1 Medium)",
    );
    const quiet = said(await watchOf(...days.slice(0, 2)));
    expect([textOf(quiet), quiet.tone, quiet.parts]).toEqual([
      expect.stringContaining("1 open (1 Medium)"),
      "neutral",
      [],
    ]);
    const raised = said(await watchOf(...days));
    expect(textOf(raised)).toMatch(/1 raised in severity \(1 High\).*High \(was Medium\)/s);
    expect(raised.tone).toBe("bad");
    expect(textOf(said(await watchOf(...days), "ja"))).toContain("重大度の引き上げ 1 件 (高 1 件)");
  });

  it("is not green where it only stopped to be counted", async () => {
    const exempt: Assessment = { ...open, status: "not-applicable", cause: "Exempt" };
    const two = [open, assessed(open.title, "aks-2")];
    const toneAfter = async (now: Assessment[]) =>
      digestMessage(digest(await watchOf(readingAt(0, two), readingAt(24, now))), "en").tone;
    expect(await toneAfter([exempt, two[1]!])).toBe("neutral");
    expect(await toneAfter([healthy(open), two[1]!])).toBe("good");
  });

  it("is never green where something couldn't be read", async () => {
    const fixed = readingAt(24, [healthy(open)], { ids: ["s1", "s2"], unread: [unreadOf("s2")] });
    const message = said(await watchOf(readingAt(0, [open]), fixed));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toContain("What couldn't be read counts as unchanged.");
  });

  it("stays within Slack's limits with a thousand recommendations and hostile names", async () => {
    const many = Array.from({ length: 1000 }, (_, n) =>
      assessed(`<!channel> *${n}* ${"長".repeat(300)}`, "`aks` <@U1>"),
    );
    const digestOf = digest(await watchOf(readingAt(0, []), readingAt(24, many)));
    expect([digestOf.changes.length, digestOf.more, digestOf.counts.new]).toEqual([200, 800, 1000]);
    expect(
      JSON.stringify(compile(digestMessage(digestOf, "en"), { language: "en" }).head.text),
    ).not.toContain("<!channel>");
    said(await watchOf(readingAt(0, []), readingAt(24, many)));
  });
});

it("whatever two readings say, what was there before and what changed add up to what is there", async () => {
  const statuses = fc.constantFrom<Assessment["status"]>("healthy", "unhealthy", "not-applicable", "unknown");
  const one = fc
    .record({
      n: fc.nat(3),
      cluster: fc.nat(2),
      pod: fc.option(fc.nat(2)),
      status: statuses,
      type: fc.nat(1),
    })
    .map(({ n, cluster, pod, status }) =>
      assessed(`Recommendation ${n}`, `aks-${cluster}`, {
        status,
        type: n % 2 === 0 ? "data-plane" : "control-plane",
        ...(pod !== null && { pod: `p${pod}` }),
      }),
    );
  const day = fc.array(one, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 4 }), async (days) => {
      const last = digest(await watchOf(...days.map((some, index) => readingAt(index, some))));
      for (const { before, now, added, ended } of last.changes) {
        const gone = Object.values(ended).reduce((sum, count) => sum + count, 0);
        expect(before + added - gone).toBe(now);
        expect(before).toBeGreaterThanOrEqual(0);
      }
      // What a reading lacks is gone with the second one that lacks it.
      const still = [...days, days.at(-1)!, days.at(-1)!];
      const again = await watchOf(...still.map((some, index) => readingAt(index, some)));
      expect(lines(digest(again))).toEqual([]);
    }),
  );
});

function upper(one: Assessment): Assessment {
  const { resource, place } = one;
  return {
    ...one,
    key: one.key.toUpperCase(),
    resource: { ...resource, id: resource.id.toUpperCase() },
    place: { ...place, resourceGroup: "RG" },
  };
}
