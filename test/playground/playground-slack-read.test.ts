import { describe, expect, it } from "vitest";
import { mentionsIn } from "../../playground/slack/mentions.ts";
import type { Block, Message } from "../../playground/slack/message.ts";
import { widthOf } from "../../playground/slack/read/width.ts";
import { readMessage } from "../../playground/slack/read.ts";

const message = (extra: Partial<Message>): Message => ({
  type: "message",
  channel: "C1",
  ts: "1.000001",
  user: "U1",
  text: "",
  history: [],
  postedAt: 0,
  ...extra,
});
const blocks = (...list: Block[]) => message({ blocks: list });
const raw = (text: string) => ({ type: "raw_text", text });

describe("readMessage", () => {
  it("shows text as a person sees it", () => {
    const text = "a &lt;b&gt; &amp; <https://x.example|link> <@U2> <!here> <!date^0^{date} {time}|then>";
    const names = { user: () => "olivia" };
    expect(readMessage(message({ text }), { names })).toBe("a <b> & link @olivia @here 1970-01-01 00:00 UTC");
  });

  it("aligns tables by what is seen, wide characters and numbers included", () => {
    const rows = [
      [raw("名前"), raw("Count")],
      [raw("セキュリティ"), { type: "raw_number", value: 3, text: "3" }],
      [raw("ok"), { type: "raw_number", value: 120, text: "120" }],
    ];
    const lines = readMessage(blocks({ type: "data_table", caption: "件数", rows, page_size: 1 })).split(
      "\n",
    );
    expect(lines).toEqual([
      "  ▦ 件数 (2 rows, 1 a page)",
      "  名前         │ Count",
      "  ─────────────┼──────",
      "  セキュリティ │     3",
      "  ok           │   120",
    ]);
    expect(new Set(lines.slice(1).map((line) => widthOf(line.split(/[│┼]/)[0]!)))).toEqual(new Set([15]));
  });

  it("shows charts as bars with their figures", () => {
    const chart = {
      type: "pie",
      segments: [
        { label: "High", value: 3 },
        { label: "Low", value: 1 },
      ],
    };
    expect(readMessage(blocks({ type: "data_visualization", title: "Share", chart }))).toBe(
      ["  ◔ Share (pie)", `  High ${"█".repeat(24)} 3 (75%)`, `  Low  ${"█".repeat(8)} 1 (25%)`].join("\n"),
    );
  });

  it("shows the course of a long series in one line", () => {
    const data = [24, 24, 12, 0, 0, 0, 23].map((value, day) => ({ label: `day ${day + 1}`, value }));
    const chart = { type: "line", series: [{ name: "High", data }], axis_config: {} };
    expect(readMessage(blocks({ type: "data_visualization", title: "Open", chart }))).toBe(
      ["  ◔ Open (line)", "  day 1 … day 7", "  High ██▅▁▁▁█ 24 → 23"].join("\n"),
    );
  });

  it("shows buttons, files with their rows, edits, who may see it, and the thread below", () => {
    const button = { type: "button", action_id: "a", text: { type: "plain_text", text: "Take" } };
    const content = Buffer.from("a,b\n1,2\n3,4\n");
    const file = { id: "F1", name: "all.csv", title: "All", filetype: "csv", content, size: content.length };
    const shown = message({
      blocks: [
        { type: "header", text: { type: "plain_text", text: "Alert" } },
        { type: "actions", elements: [button] },
      ],
      files: [file as never],
      edited: { user: "U1", ts: "2.000001" },
      ephemeralTo: "U1",
    });
    expect(readMessage(shown, { thread: [message({ text: "one\ntwo" })] }).split("\n")).toEqual([
      "(only visible to you)",
      "■ Alert",
      "[ Take ] (edited)",
      "📎 All – all.csv (2 rows)",
      " ↳ one",
      "   two",
    ]);
  });
});

describe("mentionsIn", () => {
  it("finds everything that Slack would act on, and where", () => {
    const text = "<!channel> <@U1|x> <#C1> <!subteam^S1> <https://a.example|b> https://c.example/?a&amp;b";
    expect(mentionsIn({ text })).toEqual([
      { kind: "broadcast", range: "channel", at: "/text" },
      { kind: "user", id: "U1", at: "/text" },
      { kind: "channel", id: "C1", at: "/text" },
      { kind: "usergroup", id: "S1", at: "/text" },
      { kind: "link", url: "https://a.example", label: "b", at: "/text" },
      { kind: "link", url: "https://c.example/?a&b", at: "/text" },
    ]);
  });

  it("reads blocks and rich text", () => {
    const section = { type: "section", text: { type: "mrkdwn", text: "<!here>" } };
    const elements = [
      { type: "broadcast", range: "everyone" },
      { type: "link", url: "https://d.example" },
      { type: "text", text: "<!channel>" },
    ];
    const rich = { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
    expect(mentionsIn({ text: "", blocks: [section, rich] })).toEqual([
      { kind: "broadcast", range: "here", at: "/blocks/0/text/text" },
      { kind: "broadcast", range: "everyone", at: "/blocks/1/elements/0/elements/0" },
      { kind: "link", url: "https://d.example", at: "/blocks/1/elements/0/elements/1" },
    ]);
  });

  it("finds nothing in escaped text, plain text, raw cells and rich text's text", () => {
    const hostile = "<!channel> <@U1> <https://evil.example>";
    const cells = [[raw(hostile)], [raw(hostile)]];
    const table = { type: "data_table", caption: hostile, rows: cells };
    const header = { type: "header", text: { type: "plain_text", text: hostile } };
    const text = "&lt;!channel&gt; &lt;@U1&gt;";
    expect(mentionsIn({ text, blocks: [table, header] })).toEqual([]);
  });
});
