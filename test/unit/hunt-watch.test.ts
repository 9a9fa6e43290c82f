import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import {
  aboutHunt,
  compareHunt,
  firstRows,
  type HuntOutcome,
  type HuntWatch,
  huntEvent,
} from "../../src/domain/hunts/hunt-watch.ts";
import { type HuntAnswer, type HuntRow, parseHunt } from "../../src/domain/hunts/hunts.ts";
import { huntMessage } from "../../src/notifiers/hunt/hunt-message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { timeAt, unreadOf } from "../coverage-readings.ts";
import { textOf } from "../dispatch-parts.ts";

const texts = ["title", "question", "explanation", "action"].map(
  (key) => `// ${key}.en: The ${key}\n// ${key}.ja: ${key} です`,
);
const file = `${texts.join("\n")}\n// severity: high\nresources\n| project id\n| order by id asc`;
const parsed = parseHunt("open-api.kql", file, true);
if (!("hunt" in parsed)) throw new Error(parsed.problem.problem);
const about = aboutHunt(parsed.hunt);

function row(name: string, subscription = "s1"): HuntRow {
  const id = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const place = { subscription: { id: subscription, name: `Subscription ${subscription}` }, cluster: name };
  return { id, resource: id, place, cells: { version: "1.34" } };
}
const answerOf = (minutes: number, rows: HuntRow[], more: Partial<HuntAnswer> = {}): HuntAnswer => ({
  ...{ value: rows, asOf: timeAt(minutes), subscriptions: 2, unread: [], columns: ["version"] },
  ...{ listed: ["s1", "s2"], missing: 0 },
  ...more,
});
const watchOf = (answer: HuntAnswer): HuntWatch => ({
  ...{ id: "h-1", revision: 0, channel: "C1", hunt: "open-api", by: "U1", at: timeAt(0), about },
  ...firstRows(answer),
});
const failure = (passing: boolean): HuntOutcome => ({
  trouble: passing ? "no-answer" : "rejected",
  detail: "line 3: no such column",
  passing,
});

/** What is posted after each of some readings; "" is nothing. */
function posted(first: HuntAnswer, ...outcomes: (HuntAnswer | HuntOutcome)[]): string[] {
  let watch = watchOf(first);
  return outcomes.map((one, index) => {
    const outcome = "value" in one ? { answer: one, about } : one;
    const { pending: _, ...settled } = watch;
    watch = compareHunt(settled, outcome, timeAt(index));
    const { pending } = watch;
    if (pending?.kind === "trouble") return `trouble: ${pending.trouble}`;
    if (pending?.kind !== "rows") return pending?.kind ?? "";
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name).join(" ");
    return `+[${names(pending.appeared)}] -[${names(pending.gone)}] of ${pending.count}${pending.again ? " again" : ""}`;
  });
}

describe("a watched hunt", () => {
  const first = answerOf(0, [row("a"), row("b")]);

  it("tells rows that appear at once, and those that go once two readings lack them", () => {
    const days = [
      answerOf(1, [row("a"), row("c")]),
      answerOf(2, [row("a"), row("c")]),
      answerOf(3, [row("a")]),
    ];
    expect(
      posted(first, ...days, answerOf(4, [row("a"), row("c")]), answerOf(5, [row("a"), row("c")])),
    ).toEqual(["+[c] -[] of 3", "+[] -[b] of 2", "", "", ""]);
  });

  it("knows a row again in whatever letter case", () => {
    expect(posted(first, answerOf(1, [{ ...row("a"), id: row("a").id.toUpperCase() }, row("b")]))).toEqual([
      "",
    ]);
  });

  it("tells a failure once, takes nothing for gone, and tells its end with what changed meanwhile", () => {
    const end = answerOf(9, [row("a"), row("b"), row("c")]);
    expect(posted(first, failure(false), failure(false), first, answerOf(3, [row("a"), row("b")]))).toEqual([
      ...["trouble: rejected", "", "", "resolved"],
    ]);
    expect(posted(first, failure(false), end)).toEqual(["trouble: rejected", "+[c] -[] of 3 again"]);
  });

  it("waits a while before it tells that Azure doesn't answer", () => {
    const outcomes = Array.from({ length: 5 }, () => failure(true));
    expect(posted(first, ...outcomes)).toEqual(["", "", "", "trouble: no-answer", ""]);
    expect(posted(first, failure(true), answerOf(1, [row("a"), row("b")]))).toEqual(["", ""]);
  });

  it.each<[string, Partial<HuntAnswer>]>([
    ["cut", { missing: 900 }],
    ["cve-details", { unknown: "cve-details" }],
  ])("takes nothing for gone or new where the answer can't be compared: %s", (trouble, more) => {
    const odd = answerOf(1, [row("z")], more);
    expect(posted(first, odd, odd, answerOf(2, [row("a"), row("b")]))).toEqual([
      `trouble: ${trouble}`,
      "",
      "resolved",
    ]);
  });

  it("keeps what it had of a subscription that can't be read, and calls nothing new in one that never could", () => {
    const gap = { unread: [unreadOf("s2")] };
    const both = answerOf(0, [row("a"), row("b", "s2")]);
    const later = [1, 2, 3].map((minute) => answerOf(minute, [row("a")], gap));
    expect(posted(both, ...later, answerOf(4, [row("a"), row("b", "s2"), row("c", "s2")]))).toEqual([
      ...["", "", "", "+[c] -[] of 3"],
    ]);
    const blind = answerOf(0, [row("a")], gap);
    const days = [
      answerOf(1, [row("a"), row("b", "s2")]),
      answerOf(2, [row("a"), row("b", "s2"), row("c", "s2")]),
    ];
    expect(posted(blind, ...days)).toEqual(["", "+[c] -[] of 3"]);
  });

  it("forgets a subscription that is no longer listed without a word, and calls nothing in it new when it is back", () => {
    const both = answerOf(0, [row("a"), row("b", "s2")]);
    const alone = [1, 2, 3].map((minute) => answerOf(minute, [row("a")], { listed: ["s1"] }));
    const back = answerOf(4, [row("a"), row("b", "s2")]);
    const more = answerOf(5, [row("a"), row("b", "s2"), row("c", "s2")]);
    expect(posted(both, ...alone, back, more)).toEqual(["", "", "", "", "+[c] -[] of 3"]);
  });

  it("keeps what it had while a management group can't be read: what it holds is not listed then", () => {
    const both = answerOf(0, [row("a"), row("b", "s2")]);
    const group = { listed: ["s1"], unread: [{ ...unreadOf("platform"), group: true as const }] };
    const days = [1, 2, 3].map((minute) => answerOf(minute, [row("a")], group));
    expect(posted(both, ...days, answerOf(4, [row("a"), row("b", "s2"), row("c", "s2")]))).toEqual([
      ...["", "", "", "+[c] -[] of 3"],
    ]);
  });
});

describe("its messages", () => {
  const said = (watch: HuntWatch, language: "en" | "ja" = "en") => {
    const message = huntMessage(huntEvent(watch)!, language);
    refuseBlocks(compile(message, { language }).head.blocks ?? []);
    return { ...message, text: textOf(message) };
  };
  const watch = watchOf(answerOf(0, [row("a")]));

  it("say what appeared, what went and what to do, and lead to the rows and to the end of it", () => {
    const now = compareHunt(watch, { answer: answerOf(1, [row("b")]), about }, timeAt(1));
    const { headline, tone, text } = said(now);
    expect([headline, tone]).toEqual(["1 new match · High · The title", "bad"]);
    expect(text).toMatch(/b.*1\.34.*What to do: The action.*hunt open-api --unwatch/s);
    const gone = said(
      compareHunt({ ...now, pending: undefined }, { answer: answerOf(2, [row("b")]), about }, timeAt(2)),
    );
    expect([gone.headline, gone.tone]).toEqual(["1 gone · High · The title", "good"]);
    expect(gone.text).toContain("Gone: a");
    expect(said(now, "ja").headline).toBe("新たに 1 件が該当 · 高 · title です");
  });

  it("say why it can't be compared, with Azure's own words", () => {
    const { headline, text } = said(compareHunt(watch, failure(false), timeAt(1)));
    expect(headline).toBe("Can't compare the watched hunt “The title” now");
    expect(text).toMatch(/line 3: no such column.*Nothing counts as gone/s);
  });

  it("stay within Slack's limits with thousands of rows and hostile names", () => {
    const rows = Array.from({ length: 5000 }, (_, n) => row(`<!channel> *${n}* ${"長".repeat(200)}`));
    const now = compareHunt(watch, { answer: answerOf(1, rows), about }, timeAt(1));
    expect(said(now).headline).toBe("5,000 new matches · High · The title");
    expect(JSON.stringify(huntEvent(now)).length).toBeLessThan(60_000);
  });
});
