import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseView } from "../../playground/slack/blocks/validate.ts";

type Any = Record<string, unknown>;

const plain = (length: number) => ({ type: "plain_text", text: "x".repeat(length) });
const mrkdwn = (length: number) => ({ type: "mrkdwn", text: "x".repeat(length) });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const url = (length: number) => `https://example.com/${"x".repeat(length - 20)}`;

const section = (extra: Any = {}) => ({ type: "section", text: mrkdwn(1), ...extra });
const button = (extra: Any = {}) => ({ type: "button", text: plain(1), ...extra });
const actions = (...elements: Any[]) => ({ type: "actions", elements });
const option = (index: number, extra: Any = {}) => ({ text: plain(1), value: `v${index}`, ...extra });
const select = (extra: Any = {}) => actions({ type: "static_select", options: [option(0)], ...extra });
const rich = (...elements: Any[]) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
const raw = (length: number) => ({ type: "raw_text", text: "x".repeat(length) });
const dataTable = (rows: number, columns: number, extra: Any = {}) => ({
  type: "data_table",
  rows: times(rows, () => times(columns, () => raw(1))),
  caption: "Findings",
  ...extra,
});
const pie = (segments: number, extra: Any = {}) => ({
  type: "data_visualization",
  title: "Share",
  chart: { type: "pie", segments: times(segments, (index) => ({ label: `s${index}`, value: 1, ...extra })) },
});
const plot = (
  series: number,
  categories: number,
  extra: { series?: Any; axis?: Any; name?: string } = {},
) => ({
  type: "data_visualization",
  title: "Trend",
  chart: {
    type: "line",
    series: times(series, (index) => ({
      name: extra.name ?? `s${index}`,
      data: times(categories, (place) => ({ label: `c${place}`, value: place })),
      ...extra.series,
    })),
    axis_config: { categories: times(categories, (place) => `c${place}`), ...extra.axis },
  },
});
const confirm = (extra: Any) => actions(button({ confirm: { title: plain(1), text: plain(1), ...extra } }));
const modal = (extra: Any = {}) => ({ type: "modal", title: plain(1), blocks: [section()], ...extra });
const input = (element: Any, extra: Any = {}) => ({ type: "input", label: plain(1), element, ...extra });

/** Block, limit: `make(limit)` passes, `make(limit + 1)` does not. */
const limits: [string, number, (size: number) => Any | Any[]][] = [
  ["blocks of a message", 50, (size) => times(size, () => ({ type: "divider" }))],
  ["section text", 3000, (size) => section({ text: mrkdwn(size) })],
  ["section fields", 10, (size) => section({ fields: times(size, () => mrkdwn(1)) })],
  ["length of a field", 2000, (size) => section({ fields: [mrkdwn(size)] })],
  ["header text", 150, (size) => ({ type: "header", text: plain(size) })],
  ["context elements", 10, (size) => ({ type: "context", elements: times(size, () => mrkdwn(1)) })],
  ["actions elements", 25, (size) => actions(...times(size, () => button()))],
  ["button text", 75, (size) => actions(button({ text: plain(size) }))],
  ["button value", 2000, (size) => actions(button({ value: "x".repeat(size) }))],
  ["button url", 3000, (size) => actions(button({ url: url(size) }))],
  ["accessibility label", 75, (size) => actions(button({ accessibility_label: "x".repeat(size) }))],
  ["action_id", 255, (size) => actions(button({ action_id: "x".repeat(size) }))],
  ["block_id", 255, (size) => section({ block_id: "x".repeat(size) })],
  ["options of a select", 100, (size) => select({ options: times(size, (index) => option(index)) })],
  ["option text", 75, (size) => select({ options: [option(0, { text: plain(size) })] })],
  ["option value", 150, (size) => select({ options: [option(0, { value: "x".repeat(size) })] })],
  ["option description", 75, (size) => select({ options: [option(0, { description: plain(size) })] })],
  ["placeholder", 150, (size) => select({ placeholder: plain(size) })],
  [
    "overflow options",
    5,
    (size) => actions({ type: "overflow", options: times(size, (index) => option(index)) }),
  ],
  ["confirm title", 100, (size) => confirm({ title: plain(size) })],
  ["confirm text", 300, (size) => confirm({ text: plain(size) })],
  ["confirm button", 30, (size) => confirm({ confirm: plain(size) })],
  ["deny button", 30, (size) => confirm({ deny: plain(size) })],
  ["data table rows", 101, (size) => dataTable(size, 1)],
  ["data table columns", 20, (size) => dataTable(2, size)],
  ["data table page size", 100, (size) => dataTable(2, 1, { page_size: size })],
  ["data table characters", 10_000, (size) => dataTable(2, 1, { rows: [[raw(5000)], [raw(size - 5000)]] })],
  ["tables a message", 1, (size) => times(size, () => dataTable(2, 1))],
  ["charts a message", 2, (size) => times(size, () => pie(1))],
  ["chart title", 50, (size) => ({ ...pie(1), title: "x".repeat(size) })],
  ["pie segments", 6, (size) => pie(size)],
  ["segment label", 20, (size) => pie(1, { label: "x".repeat(size) })],
  ["chart series", 6, (size) => plot(size, 1)],
  ["series name", 20, (size) => plot(1, 1, { name: "x".repeat(size) })],
  ["chart categories", 20, (size) => plot(1, size)],
  ["axis label", 50, (size) => plot(1, 1, { axis: { x_label: "x".repeat(size) } })],
  [
    "all blocks together",
    13_200 - 5 * 20,
    (size) => times(5, (index) => section({ text: mrkdwn(index ? 2620 : size - 4 * 2620) })),
  ],
];

describe("a message", () => {
  it.each(limits)("may have %s up to %i and no more", (_name, limit, make) => {
    expect(refuseBlocks([make(limit)].flat())).toBeUndefined();
    expect(refuseBlocks([make(limit + 1)].flat())).toBeDefined();
  });

  it.each<[string, Any, string]>([
    ["an unknown block", { type: "banner" }, "unsupported type: banner [json-pointer:/blocks/0/type]"],
    [
      "an unknown property",
      section({ color: "red" }),
      "invalid additional property: color [json-pointer:/blocks/0]",
    ],
    ["a missing field", { type: "header" }, "missing required field: text [json-pointer:/blocks/0]"],
    ["a null", section({ text: null }), "must provide an object [json-pointer:/blocks/0/text]"],
    [
      "an empty text",
      section({ text: mrkdwn(0) }),
      "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "neither text nor fields",
      { type: "section" },
      "must define either `text` or `fields` [json-pointer:/blocks/0/type]",
    ],
    ["no fields", section({ fields: [] }), "no less than 1 items allowed [json-pointer:/blocks/0/fields]"],
    [
      "mrkdwn in a header",
      { type: "header", text: mrkdwn(1) },
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    [
      "mrkdwn on a button",
      actions(button({ text: mrkdwn(1) })),
      "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ],
    [
      "an unknown style",
      actions(button({ style: "warning" })),
      "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ],
    [
      "an action_id twice in a block",
      actions(button({ action_id: "a" }), button({ action_id: "a" })),
      '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      "no options",
      select({ options: [] }),
      "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "a single overflow option",
      actions({ type: "overflow", options: [option(0)] }),
      "no less than 2 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "a foreign initial option",
      select({ initial_option: option(9) }),
      "initial option must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ],
    [
      "an address that is none",
      actions(button({ url: "portal" })),
      "invalid url [json-pointer:/blocks/0/elements/0/url]",
    ],
    [
      "an empty rich text",
      rich({ type: "text", text: "" }),
      "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
    ],
    [
      "an unknown rich element",
      rich({ type: "button" }),
      "unsupported type: button [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ],
    [
      "an unknown style of rich text",
      rich({ type: "text", text: "x", style: { big: true } }),
      "invalid additional property: big [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ],
    [
      "a data table without caption",
      { type: "data_table", rows: dataTable(2, 1).rows },
      "missing required field: caption [json-pointer:/blocks/0]",
    ],
    [
      "a data table of its header alone",
      dataTable(1, 1),
      "no less than 2 items allowed [json-pointer:/blocks/0/rows]",
    ],
    [
      "rows of two lengths",
      dataTable(2, 1, { rows: [[raw(1)], [raw(1), raw(1)]] }),
      "all rows must have the same number of cells [json-pointer:/blocks/0/rows/1]",
    ],
    [
      "an empty cell",
      dataTable(2, 1, { rows: [[raw(1)], [raw(0)]] }),
      "must be more than 0 characters [json-pointer:/blocks/0/rows/1/0/text]",
    ],
    [
      "rich text in a header row",
      dataTable(2, 1, { rows: [[rich({ type: "text", text: "x" })], [raw(1)]] }),
      "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ],
    [
      "a number cell without words",
      dataTable(2, 1, { rows: [[raw(1)], [{ type: "raw_number", value: 1 }]] }),
      "missing required field: text [json-pointer:/blocks/0/rows/1/0]",
    ],
    [
      "a pie with nothing in a slice",
      pie(1, { value: 0 }),
      "must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]",
    ],
    [
      "two series of one name",
      plot(2, 1, { name: "s" }),
      "series names must be unique [json-pointer:/blocks/0/chart/series/1/name]",
    ],
    [
      "a category without value",
      plot(1, 2, { series: { data: [{ label: "c0", value: 1 }] } }),
      "data must have one value for every category [json-pointer:/blocks/0/chart/series/0/data]",
    ],
    [
      "a value that is no number",
      pie(1, { value: "1" }),
      "must provide a number [json-pointer:/blocks/0/chart/segments/0/value]",
    ],
  ])("with %s is refused, with the place", (_name, block, message) => {
    const refusal = refuseBlocks([block]);
    expect(refusal?.error).toBe("invalid_blocks");
    expect(refusal?.errors).toContain(message);
    expect(refusal?.response_metadata?.messages).toContain(`[ERROR] ${message}`);
  });

  it("with a block_id twice is refused", () => {
    const blocks = [section({ block_id: "a" }), section({ block_id: "a" })];
    expect(refuseBlocks(blocks)?.errors).toEqual([
      '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
    ]);
  });

  it("that is too long as a whole has an error of its own", () => {
    expect(refuseBlocks(times(5, () => section({ text: mrkdwn(2900) })))).toEqual({
      error: "msg_blocks_too_long",
    });
  });

  it("that is no list of blocks has an error of its own", () => {
    expect(refuseBlocks("[{")).toEqual({ error: "invalid_blocks_format" });
  });

  it("may hold rich text of every kind", () => {
    const style = { bold: true, italic: true, strike: true, code: true };
    const line = {
      type: "rich_text_section",
      elements: [
        { type: "text", text: "<!channel>", style },
        { type: "link", url: "https://example.com", text: "x", style },
        { type: "user", user_id: "U1" },
        { type: "channel", channel_id: "C1" },
        { type: "date", timestamp: 1_700_000_000, format: "{date_short_pretty}", fallback: "then" },
      ],
    };
    const block = {
      type: "rich_text",
      elements: [
        line,
        { type: "rich_text_list", style: "ordered", indent: 1, elements: [line] },
        { type: "rich_text_preformatted", elements: [{ type: "text", text: "x" }], border: 0 },
        { type: "rich_text_quote", elements: line.elements },
      ],
    };
    expect(refuseBlocks([block])).toBeUndefined();
  });

  it.each([dataTable(2, 1), pie(1)])("in an older workspace may not hold %o", (block) => {
    expect(refuseBlocks([section(), block])).toBeUndefined();
    expect(refuseBlocks([section(), block], { refuseNewBlocks: true })?.errors).toEqual([
      `unsupported type: ${(block as Any).type} [json-pointer:/blocks/1/type]`,
    ]);
  });
});

describe("a modal", () => {
  it.each<[string, number, (size: number) => Any]>([
    ["blocks", 100, (size) => ({ blocks: times(size, () => ({ type: "divider" })) })],
    ["title", 24, (size) => ({ title: plain(size) })],
    ["submit", 24, (size) => ({ submit: plain(size) })],
    ["close", 24, (size) => ({ close: plain(size) })],
    ["private_metadata", 3000, (size) => ({ private_metadata: "x".repeat(size) })],
    ["callback_id", 255, (size) => ({ callback_id: "x".repeat(size) })],
    [
      "input label",
      2000,
      (size) => ({ submit: plain(1), blocks: [input({ type: "plain_text_input" }, { label: plain(size) })] }),
    ],
    [
      "input hint",
      2000,
      (size) => ({ submit: plain(1), blocks: [input({ type: "plain_text_input" }, { hint: plain(size) })] }),
    ],
    [
      "input length",
      3000,
      (size) => ({ submit: plain(1), blocks: [input({ type: "plain_text_input", max_length: size })] }),
    ],
  ])("may have %s up to %i and no more", (_name, limit, make) => {
    expect(refuseView(modal(make(limit)))).toBeUndefined();
    expect(refuseView(modal(make(limit + 1)))?.error).toBe("invalid_arguments");
  });

  it.each<[string, Any, string]>([
    [
      "a data table",
      modal({ blocks: [dataTable(2, 1)] }),
      "unsupported type: data_table [json-pointer:/view/blocks/0/type]",
    ],
    [
      "a chart",
      modal({ blocks: [pie(1)] }),
      "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]",
    ],
    [
      "inputs but no submit",
      modal({ blocks: [input({ type: "plain_text_input" })] }),
      "bolt-app must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ],
    ["no title", { type: "modal", blocks: [] }, "missing required field: title [json-pointer:/view]"],
    ["something unknown", modal({ color: "red" }), "invalid additional property: color [json-pointer:/view]"],
  ])("with %s is refused, with the place", (_name, view, message) => {
    expect(refuseView(view)?.errors).toEqual([
      "failed to match all allowed schemas [json-pointer:/view]",
      message,
    ]);
  });
});
