import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseView } from "../../playground/slack/blocks/validate.ts";
import type { Form, Inline, Message, Sentence } from "../../src/message/message.ts";
import { type Compiled, type CompileOptions, compile } from "../../src/slack/render/compile.ts";
import { cutEscaped } from "../../src/slack/render/literal.ts";
import { toCsv } from "../../src/slack/render/tables/csv.ts";
import { withoutBlocks } from "../../src/slack/render/text-only.ts";
import { compileForm, compileModal } from "../../src/slack/render/view.ts";
import { hostileForm, hostileMessage } from "../hostile-messages.ts";

const now = "2026-11-23T08:00:00.000Z";
const runs = 60;

/** Every string but the types of blocks. */
function strings(value: unknown, result: string[] = []): string[] {
  if (typeof value === "string") result.push(value);
  else if (Array.isArray(value)) for (const one of value) strings(one, result);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) if (key !== "type") strings(one, result);
  return result;
}

function texts(
  value: unknown,
  type: string,
  result: Record<string, unknown>[] = [],
): Record<string, unknown>[] {
  if (Array.isArray(value)) for (const one of value) texts(one, type, result);
  else if (typeof value === "object" && value !== null) {
    if ((value as { type?: unknown }).type === type) result.push(value as Record<string, unknown>);
    for (const one of Object.values(value)) texts(one, type, result);
  }
  return result;
}

/** What Slack parses: the fallback and every mrkdwn text. */
function parsed({ text, blocks }: Pick<Compiled, "text" | "blocks">): string[] {
  return [text, ...texts(blocks, "mrkdwn").map((one) => String(one.text))];
}

function expectWithinLimits(page: Compiled): void {
  expect(refuseBlocks(page.blocks)).toBeUndefined();
  expect(page.blocks.length).toBeLessThanOrEqual(45);
  const counted = strings(page.blocks).reduce((sum, one) => sum + one.length, 0);
  expect(counted).toBeLessThanOrEqual(12_000);
  expect(page.text.length).toBeLessThanOrEqual(2900);
  expect(page.text.trim()).not.toBe("");
  for (const section of texts(page.blocks, "rich_text_section"))
    expect(section.elements).toSatisfy((elements: { type: string; text?: string }[]) =>
      elements.some(({ type, text }) => type !== "text" || text?.trim()),
    );
  for (const kind of ["text", "mrkdwn", "plain_text"])
    for (const one of texts(page.blocks, kind)) expect(String(one.text).length).toBeLessThanOrEqual(2900);
  expect(texts(page.blocks, "data_table").length).toBeLessThanOrEqual(1);
  expect(texts(page.blocks, "data_visualization").length).toBeLessThanOrEqual(2);
  expect(page.usesNewBlocks.toSorted()).toEqual(
    ["data_table", "data_visualization"].filter((type) => texts(page.blocks, type).length > 0),
  );
}

/** A tag that is not whole or not of the three harmless kinds, or an entity that is not whole. */
const brokenOrLive = /<(?!(?:#[A-Z0-9]+|!date\^[^<>]*|https?:\/\/[^<>]*)>)|&(?!(?:amp|lt|gt);)/;

function expectNothingLive(page: Compiled): void {
  for (const text of parsed(page)) {
    expect(text).not.toMatch(/<[@!](?!date\^)/);
    expect(text).not.toMatch(brokenOrLive);
    expect(text.isWellFormed()).toBe(true);
  }
  for (const type of ["user", "usergroup", "broadcast"]) expect(texts(page.blocks, type)).toEqual([]);
  for (const link of texts(page.blocks, "link")) expect(String(link.url)).toMatch(/^https?:\/\//);
  // A command line is no text to be read: it has to arrive as it is.
  const lines = texts(page.blocks, "button").map(({ value }) => value);
  for (const text of strings(page.blocks)) {
    expect(text.isWellFormed()).toBe(true);
    if (lines.includes(text)) continue;
    expect(text).not.toMatch(
      /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u,
    );
  }
}

describe("any message, however hostile", () => {
  it("compiles within every limit, with nothing live that was not meant to be", () => {
    fc.assert(
      fc.property(hostileMessage, fc.constantFrom("en" as const, "ja" as const), (message, language) => {
        const { head, thread } = compile(message, { language, now });
        for (const page of [head, ...thread]) {
          expectWithinLimits(page);
          expectNothingLive(page);
        }
      }),
      { numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
  });

  it("has a text form that uses no newer block, and words alone that say it, harmlessly, within the limit", () => {
    fc.assert(
      fc.property(hostileMessage, (message) => {
        const refused = ["data_table", "data_visualization"];
        const { head, thread } = compile(message, { language: "en", now, refused });
        for (const page of [head, ...thread]) {
          expectWithinLimits(page);
          expect(page.usesNewBlocks).toEqual([]);
          expect(refuseBlocks(page.blocks, { refuseNewBlocks: true })).toBeUndefined();
          const words = withoutBlocks(page);
          expect(words.blocks).toEqual([]);
          expectNothingLive(words);
          expect(words.text.trim()).not.toBe("");
          expect(words.text.length).toBeLessThanOrEqual(12_000);
        }
      }),
      { numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
  });

  it("fits a modal", () => {
    fc.assert(
      fc.property(hostileMessage, fc.string(), (message, title) => {
        const view = compileModal({ ...message, title }, { language: "ja", now, place: { channel: "C1" } });
        expect(refuseView(view)).toBeUndefined();
      }),
      { numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
  });

  it("fits a form, or there is none", () => {
    fc.assert(
      fc.property(hostileForm, (form) => {
        const view = compileForm(form, { language: "en", place: { channel: "C1", thread: "1.2" } });
        if (view) expect(refuseView(view)).toBeUndefined();
        else expect(JSON.stringify(form.line).length).toBeGreaterThan(2_800);
      }),
      { numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
  });
});

const visible = (pages: readonly Compiled[]) => strings(pages.map(({ blocks }) => blocks)).join("\n");

describe("words alone, where Slack refuses every block", () => {
  it("keep facts, lists, quotations and tables, each on a line", () => {
    const message: Message = {
      headline: "Two clusters lack the sensor",
      tone: "bad",
      parts: [
        { facts: [["Cluster", "aks <prod>"]] },
        { list: [["see ", { link: "portal", url: "https://portal.azure.com/*_a_?b=c&d|e" }]] },
        { quote: "*untrusted*" },
        { table: { caption: "Gaps", columns: [{ label: "Gap" }], rows: [["sensor"]] } },
        { note: "as of 08:00" },
        { actions: [{ label: "Details", line: "status" }] },
      ],
    };
    const { head } = compile(message, { language: "en", now, refused: ["data_table"] });
    expect(withoutBlocks(head).text.split("\n")).toEqual([
      "Two clusters lack the sensor",
      "Cluster: aks &lt;prod&gt;",
      "• see portal <https://portal.azure.com/*_a_?b=c&amp;d%7Ce>",
      "∗untrusted∗",
      "Gaps",
      "Gap   ",
      "──────",
      "sensor",
      "as of 08:00",
    ]);
  });
});

describe("escaped text", () => {
  it("is cut through no tag, entity or character, wherever the limit falls", () => {
    const units = [
      "<#C0SECURITY1>",
      "a",
      "&amp;",
      "<!date^1^{time}|08:00>",
      "😀",
      "<https://a.b/?x&amp;y|z>",
      "&lt;",
    ];
    const text = units.join("");
    for (let max = 0; max < text.length; max++) {
      const shown = cutEscaped(text, max);
      const fitting = units.filter((_, index) => units.slice(0, index + 1).join("").length < max);
      expect(shown).toBe(max === 0 ? "" : `${fitting.join("")}…`);
    }
    expect(cutEscaped(text, text.length)).toBe(text);
  });

  it("of words alone and of a notification ends with whole tags and entities", () => {
    const item: Inline[] = ["&".repeat(20), { channel: "C0SECURITY1" }, "😀"];
    const items = Array.from({ length: 110 }, () => item);
    const period = "&amp;".length * 20 + "• <#C0SECURITY1>😀\n".length;
    for (let pad = 0; pad < period; pad += 3) {
      const headline = ["x".repeat(pad), ...items.slice(0, 28).flat()];
      const { head } = compile({ headline, parts: [{ list: items }] }, { language: "en", now });
      const words = withoutBlocks(head);
      for (const [text, most] of [
        [words.text, 12_000],
        [head.text, 2_900],
      ] as const) {
        expect(text.length).toBeGreaterThan(most - 40);
        expect(text.length).toBeLessThanOrEqual(most);
        expect(text).toMatch(/…$/);
      }
      expectNothingLive(words);
      expectNothingLive(head);
    }
  });
});

describe("nothing is lost in silence", () => {
  /** Harmless words, each of its own, in parts of every kind and number. */
  const word = fc.nat().map((id) => `w${id}w`);
  const words = (most: number) => fc.array(word, { minLength: 1, maxLength: most });
  const columns = fc.integer({ min: 1, max: 25 });
  const table = fc
    .tuple(columns, fc.integer({ min: 1, max: 150 }), fc.nat())
    .map(([width, height, seed]) => ({
      table: {
        caption: `t${seed}`,
        columns: Array.from({ length: width }, (_, column) => ({ label: `c${seed}-${column}` })),
        rows: Array.from({ length: height }, (_, row) =>
          Array.from({ length: width }, (_, column) => `r${seed}-${row}-${column}`),
        ),
      },
    }));
  const part: fc.Arbitrary<Message["parts"][number]> = fc.oneof(
    word.map((sentence) => ({ sentence })),
    word.map((note) => ({ note })),
    words(40).map((list) => ({ list })),
    words(40).map((all) => ({ facts: all.map((one) => [`l${one}`, one] as [string, string]) })),
    words(30).map((all) => ({ actions: all.map((label) => ({ label, line: `show ${label}` })) })),
    words(30).map((all) => ({ quote: all.join(" ").repeat(4) })),
    table,
  );

  it("each word is in a message or a file, in the native form and in text", () => {
    const message = fc
      .array(part, { minLength: 1, maxLength: 12 })
      .map((parts): Message => ({ headline: "All", parts }));
    fc.assert(
      fc.property(message, fc.boolean(), (one, asText) => {
        const refused = asText ? ["data_table", "data_visualization"] : [];
        const { head, thread } = compile(one, { language: "en", now, refused });
        const pages = [head, ...thread];
        const shown =
          visible(pages) + pages.flatMap(({ files }) => files.map(({ content }) => content)).join("\n");
        if (/parts? (was|were) left out/.test(shown)) return;
        for (const expected of strings(one.parts))
          if (expected.length < 300) expect(shown).toContain(expected);
      }),
      { numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
  });
});

describe("what does not fit", () => {
  const pagesOf = (message: Message) => {
    const { head, thread } = compile(message, { language: "en", now });
    return [head, ...thread];
  };

  it("follows in the thread, every sentence of it, and the head says so", () => {
    const words = Array.from({ length: 130 }, (_, index) => `sentence number ${index} ${"x".repeat(200)}`);
    const pages = pagesOf({ headline: "Many", parts: words.map((sentence) => ({ sentence })) });
    expect(pages.length).toBeGreaterThan(2);
    for (const word of words) expect(visible(pages)).toContain(word);
    expect(visible(pages.slice(0, 1))).toMatch(/\d+ more parts follow below/);
    expect(pages[1]?.text).toContain("Many (continued, 2)");
  });

  it("leaves notes and buttons with the headline", () => {
    const long = Array.from({ length: 60 }, (_, index) => ({ sentence: `line ${index} ${"y".repeat(300)}` }));
    const [head] = pagesOf({
      headline: "Long",
      parts: [...long, { note: "as of 08:00 UTC" }, { actions: [{ label: "More", line: "alerts" }] }],
    });
    expect(visible([head!])).toContain("as of 08:00 UTC");
    expect(texts(head!.blocks, "button")).toHaveLength(1);
  });

  it("is counted where the message is longer than ten messages", () => {
    const parts = Array.from({ length: 2000 }, (_, index) => ({ sentence: `part ${index}` }));
    const pages = pagesOf({ headline: "Endless", parts });
    expect(pages).toHaveLength(10);
    expect(visible(pages.slice(-1))).toMatch(/\d[\d,]* parts were left out/);
  });

  it("is said of a quotation of 100,000 characters", () => {
    const pages = pagesOf({ headline: "Quote", parts: [{ quote: "q".repeat(100_000) }] });
    expect(pages).toHaveLength(1);
    expect(visible(pages)).toMatch(/… \(97,\d{3} more characters\)/);
  });

  it("of a table is a CSV with every row, and the message says how many rows it left out", () => {
    const rows = Array.from({ length: 300 }, (_, index) => [`image-${index}`, { number: index }]);
    const pages = pagesOf({
      headline: "Table",
      parts: [
        { table: { caption: "Open findings", columns: [{ label: "Image" }, { label: "Count" }], rows } },
      ],
    });
    expect(visible(pages)).toContain(
      "Showing 100 of 300 rows; 300 are in the file open-findings-2026-11-23T0800Z.csv.",
    );
    const [file] = pages[0]!.files;
    expect(file?.content.split("\r\n")).toHaveLength(302);
    expect(file?.content).toContain("image-299,299");
  });

  it("of a table that is only the first part of more is said without a file that does not exist", () => {
    const pages = pagesOf({
      headline: "Table",
      parts: [{ table: { caption: "Alerts", columns: [{ label: "Alert" }], rows: [["one"]], total: 40 } }],
    });
    expect(visible(pages)).toContain("Showing 1 of 40 rows.");
    expect(pages[0]!.files).toEqual([]);
  });

  it("of a chart is counted", () => {
    const days = Array.from({ length: 30 }, (_, day) => `day ${day}`);
    const values = days.map((_, day) => day);
    const pages = pagesOf({
      headline: "Chart",
      parts: [
        { chart: { title: "Trend", kind: "line", categories: days, series: [{ name: "High", values }] } },
      ],
    });
    const [chart] = texts(pages[0]!.blocks, "data_visualization");
    const drawn = chart as { chart: { axis_config: { categories: string[] } } };
    // Of a course in time the latest part is shown.
    expect(drawn.chart.axis_config.categories.at(-1)).toBe("day 29");
    expect(visible(pages)).toContain("10 categories are not drawn.");
  });

  it("of a second table and a third chart goes as text or below", () => {
    const table = { table: { caption: "T", columns: [{ label: "A" }], rows: [["1"]] } };
    const chart = {
      chart: { title: "C", kind: "bar" as const, categories: ["a"], series: [{ name: "s", values: [1] }] },
    };
    const pages = pagesOf({ headline: "Both", parts: [table, table, chart, chart, chart] });
    expect(texts(pages, "data_table")).toHaveLength(2);
    expect(texts(pages, "data_visualization")).toHaveLength(2);
    expect(texts(pages, "rich_text_preformatted")).toHaveLength(1);
    for (const page of pages) expectWithinLimits(page);
  });

  it("of a button is named, because a shortened line would be another command", () => {
    const line = `alerts --since ${"9".repeat(2000)}`;
    const pages = pagesOf({ headline: "Button", parts: [{ actions: [{ label: "Show", line }] }] });
    expect(texts(pages, "button")).toEqual([]);
    expect(visible(pages)).toContain("The button “Show” was left out: alerts --since 999");
  });
});

describe("untrusted text", () => {
  const page = (message: Message) => compile(message, { language: "en", now }).head;

  it("stays as it was written in rich text, and inert in notes and the fallback", () => {
    const evil =
      "<!channel> <@U0AKIRA0001> *bold* _it_ `code` :fire: &amp; https://evil.example \u202Etxt.exe";
    const { text, blocks } = page({
      headline: evil,
      parts: [{ sentence: evil }, { note: ["as of ", { time: now }, ` ${evil}`] }],
    });
    expect(text).not.toMatch(/<!channel>|<@/);
    expect(text).toContain("&lt;!channel&gt;");
    const [note] = texts(blocks, "mrkdwn");
    expect(String(note?.text)).toContain("<!date^1795420800^{date_short_pretty} {time}|23 Nov 08:00 UTC>");
    expect(String(note?.text)).not.toMatch(/<!channel>|\*bold\*|`code`|:fire:/);
    expect(note?.verbatim).toBe(true);
    const sentence = texts(blocks, "text").map((one) => one.text);
    expect(sentence).toContain(
      "<!channel> <@U0AKIRA0001> *bold* _it_ `code` :fire: &amp; https://evil.example \uFFFDtxt.exe",
    );
  });

  it("keeps names with underscores as they are in a note", () => {
    const { blocks } = page({ headline: "x", parts: [{ note: [{ time: now }, " ms_defender_container"] }] });
    expect(String(texts(blocks, "mrkdwn")[0]?.text)).toContain("ms_defender_container");
  });

  it("links only http and https, and shows any other address as text", () => {
    const { blocks } = page({
      headline: "Links",
      parts: [
        {
          sentence: [
            { link: "go", url: "javascript:alert(1)" },
            { link: "portal", url: "https://portal.azure.com/#x" },
          ],
        },
      ],
    });
    expect(texts(blocks, "link")).toEqual([
      { type: "link", url: "https://portal.azure.com/#x", text: "portal" },
    ]);
    expect(strings(blocks).join(" ")).toContain("go (javascript:alert(1))");
  });

  it("cannot become a formula in a spreadsheet", () => {
    const { files } = page({
      headline: "CSV",
      parts: [
        {
          file: {
            name: "a/b.csv",
            title: "t",
            csv: [["name"], ['=HYPERLINK("x")'], [-5], ["a,b\nc"], ["＝1+1"]],
          },
        },
      ],
    });
    expect(files[0]?.name).toBe("a-b.csv");
    expect(files[0]?.content).toBe('\uFEFFname\r\n"\'=HYPERLINK(""x"")"\r\n-5\r\n"a,b\nc"\r\n\'＝1+1\r\n');
  });

  it.each([
    ["a;=1+1", "a;'=1+1"],
    ["\t=1+1", "' =1+1"],
    ["a;\t@x", "a;' @x"],
    ["a\r\n-1", '"a\n\'-1"'],
    ["a;＠x;  ＋1", "a;'＠x;'  ＋1"],
    ["a; b-c = d", "a; b-c = d"],
  ])("a formula after what separates cells is no formula in a file: %j", (cell, written) => {
    expect(toCsv([[cell]])).toBe(`\uFEFF${written}\r\n`);
  });

  it("shows a time that Slack cannot count as text", () => {
    const times = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "+010000-01-01T00:00:00Z", now];
    const { blocks } = page({ headline: "x", parts: [{ list: times.map((time) => ({ time })) }] });
    expect(texts(blocks, "date").map(({ timestamp }) => timestamp)).toEqual([1795420800]);
    expect(texts(blocks, "text").every(({ text }) => String(text).trim() !== "")).toBe(true);
  });

  it("is cut between graphemes", () => {
    const family = "👨‍👩‍👧‍👦";
    const { blocks } = page({ headline: "x", parts: [{ quote: family.repeat(400) }] });
    const shown = String(texts(blocks, "text")[0]?.text).split("…")[0]!;
    expect(shown.length % family.length).toBe(0);
  });
});

describe("people", () => {
  const message: Message = { headline: ["Acknowledged by ", { person: "U0AKIRA0001" }], parts: [] };
  it("are named without a mention in what everybody reads", () => {
    const names = new Map([["U0AKIRA0001", "akira"]]);
    const { text, blocks } = compile(message, { language: "en", now, names }).head;
    expect(text).toBe("Acknowledged by akira");
    expect(texts(blocks, "user")).toEqual([]);
    expect(strings(blocks)).toContain("Acknowledged by akira");
  });

  it("are shown by Slack itself where only the asker reads", () => {
    const { text, blocks } = compile(message, { language: "en", now, live: true }).head;
    expect(texts(blocks, "user")).toEqual([{ type: "user", user_id: "U0AKIRA0001" }]);
    expect(text).not.toContain("<@");
  });
});

describe("a headline", () => {
  const head = (headline: Sentence, options: Partial<CompileOptions> = {}) =>
    compile({ headline, parts: [] }, { language: "en", now, ...options }).head;
  const since: Sentence = ["12 new findings since ", { time: "2026-11-23T23:00:00.000Z" }];

  it("is a header with its time in the team's zone, and the same in what notifications read", () => {
    const utc = head(since);
    expect(utc.blocks[0]).toMatchObject({
      type: "header",
      text: { text: "12 new findings since 23 Nov 23:00 UTC" },
    });
    const tokyo = head(since, { timezone: "Asia/Tokyo" });
    expect(tokyo.blocks[0]?.type).toBe("header");
    expect(tokyo.text).toMatch(/^12 new findings since 24 Nov 08:00 (GMT\+9|JST)$/);
    expect(head(since, { timezone: "Asia/Tokyo", language: "ja" }).text).toMatch(/11月24日 08:00 JST$/);
  });

  it("is bold text where it holds a link, or a person whose name is not known", () => {
    const types = [{ link: "docs", url: "https://example.com" }, { person: "U0AKIRA0001" }].map(
      (piece) => head(["See ", piece]).blocks[0]?.type,
    );
    expect(types).toEqual(["rich_text", "rich_text"]);
  });
});

describe("the text form of a table", () => {
  it("is aligned, wide characters counted, with numbers on the right", () => {
    const { head } = compile(
      {
        headline: "Text",
        parts: [
          {
            table: {
              caption: "一覧",
              columns: [{ label: "Name" }, { label: "件数", align: "right" }],
              rows: [
                ["本番クラスター", { number: 1200 }],
                ["aks-a", { number: 7 }],
              ],
            },
          },
        ],
      },
      { language: "en", now, refused: ["data_table"] },
    );
    const [block] = texts(head.blocks, "rich_text_preformatted");
    expect(strings(block).filter((one) => one.includes("\n"))[0]).toBe(
      [
        "Name             件数",
        "──────────────  ─────",
        "本番クラスター  1,200",
        "aks-a               7",
      ].join("\n"),
    );
  });
});

describe("a form", () => {
  it("offers a hundred choices, says how many more there are, and carries its line", () => {
    const form: Form = {
      title: "Dismiss",
      line: "alert dismiss abc",
      submit: "Dismiss",
      cancel: "Cancel",
      fields: [
        { name: "reason", label: "Reason", kind: "text", multiline: true },
        {
          name: "cluster",
          label: "Cluster",
          kind: "choice",
          options: Array.from({ length: 130 }, (_, index) => ({
            label: `aks-${index}`,
            value: `aks-${index}`,
          })),
        },
      ],
    };
    const view = compileForm(form, { language: "en", place: { channel: "C1" } });
    expect(JSON.parse(view?.private_metadata ?? "")).toEqual({ channel: "C1", line: "alert dismiss abc" });
    expect(strings(view)).toContain("30 more choices are not listed.");
  });
});
