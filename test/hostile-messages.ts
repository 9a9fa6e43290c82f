import fc from "fast-check";
import type { Form, FormField, Inline, Message, Part } from "../src/message/message.ts";
import { anyText } from "./any-text.ts";

/** Messages as the worst of worlds would make them: every string is hostile, every number odd, every list long. */

const nasty = fc.constantFrom(
  "",
  " ",
  "\n\n",
  "<!channel> <!here> <@U0AKIRA0001> <#C0SECURITY1|x> <!subteam^S1>",
  "<https://evil.example|click> https://evil.example",
  "*b* _i_ ~s~ `c` ```pre``` :fire: > quote &amp; & < >",
  "\u202Egpj.exe\u202C \u200Bzero\u200B\uFEFF \u0000\u0007\u001B[31m",
  "👨‍👩‍👧‍👦 e\u0301 本番クラスター 重大度",
  `Z${"\u0301".repeat(300)}`,
  "\uD800 lone \uDFFF",
  "{{count}} $t(more) \uE0000\uE001",
  "=1+1",
);
const text = fc.oneof(
  { weight: 3, arbitrary: nasty },
  { weight: 3, arbitrary: anyText(60) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(nasty, fc.integer({ min: 1, max: 400 }))
      .map(([one, count]) => one.repeat(count).slice(0, 9_000)),
  },
  { weight: 1, arbitrary: fc.constantFrom(2_899, 2_900, 2_901, 100_000).map((count) => "長".repeat(count)) },
);
const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    "javascript:alert(1)",
    "not a url",
    "",
    `https://portal.azure.com/${"a".repeat(4000)}`,
    "https://a.b/?x=|<>&",
  ),
);
const time = fc.constantFrom("2026-11-23T08:00:00.000Z", "never", "", "2026-13-45");
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, -5),
);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  text,
  text.map((strong) => ({ strong })),
  text.map((code) => ({ code })),
  fc.tuple(text, address).map(([link, url]) => ({ link, url })),
  time.map((one) => ({ time: one })),
  fc.constantFrom("U0AKIRA0001", "not an id", "<@U1>").map((person) => ({ person })),
  fc.constantFrom("C0SECURITY1", "#general", "<!channel>").map((channel) => ({ channel })),
);
const sentence = fc.oneof(text, inline, fc.array(inline, { maxLength: 12 }));

const cell = fc.oneof(
  text,
  fc.tuple(number, fc.option(text, { nil: undefined })).map(([one, said]) => ({ number: one, text: said })),
  fc.tuple(text, address).map(([link, url]) => ({ link, url })),
);
const size = (max: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max }) },
  );
const repeated = <T>(one: fc.Arbitrary<T>, max: number) =>
  fc
    .tuple(fc.array(one, { minLength: 1, maxLength: 6 }), size(max))
    .map(([some, count]) => Array.from({ length: count }, (_, index) => some[index % some.length]!));

const table = fc
  .record({
    caption: text,
    columns: repeated(fc.record({ label: text, align: fc.constantFrom("right" as const, undefined) }), 30),
    rows: repeated(repeated(cell, 24), 120),
    total: fc.option(number, { nil: undefined }),
    pageSize: fc.option(number, { nil: undefined }),
  })
  .map((one) => ({ table: one }));
const chart = fc
  .record({
    title: text,
    kind: fc.constantFrom("line" as const, "bar" as const, "area" as const, "pie" as const),
    categories: repeated(text, 40),
    series: repeated(fc.record({ name: text, values: repeated(number, 40) }), 10),
    unit: fc.option(text, { nil: undefined }),
  })
  .map((one) => ({ chart: one }));
/** A chart that Slack can draw. */
const soundChart = fc.tuple(chart, fc.integer({ min: 1, max: 30 })).map(([{ chart: one }, count]) => ({
  chart: {
    ...one,
    categories: Array.from({ length: count }, (_, index) => one.categories[index] ?? `category ${index}`),
    series: Array.from({ length: Math.max(1, one.series.length) }, (_, index) => ({
      name: one.series[index]?.name ?? "s",
      values: Array.from({ length: count }, (_, at) => at + index),
    })),
  },
}));
const confirm = fc.record({ title: text, text, yes: text, no: text });
const action = fc.oneof(
  fc.record({
    label: text,
    line: text,
    style: fc.constantFrom("primary" as const, "danger" as const, undefined),
    confirm: fc.option(confirm, { nil: undefined }),
  }),
  fc.record({ label: text, url: address }),
);

const part: fc.Arbitrary<Part> = fc.oneof(
  sentence.map((one) => ({ sentence: one })),
  sentence.map((note) => ({ note })),
  repeated(fc.tuple(text, sentence), 30).map((facts) => ({ facts: facts as [string, string][] })),
  repeated(sentence, 40).map((list) => ({ list })),
  text.map((quote) => ({ quote })),
  text.map((code) => ({ code })),
  fc.record({ done: number, total: number, label: text }).map((progress) => ({ progress })),
  repeated(action, 60).map((actions) => ({ actions })),
  fc.constant({ divider: true as const }),
  table,
  chart,
  soundChart,
  fc
    .record({ name: text, title: text, csv: repeated(repeated(fc.oneof(text, number), 5), 5) })
    .map((file) => ({ file })),
);

const tone = fc.constantFrom(
  "good" as const,
  "bad" as const,
  "warning" as const,
  "neutral" as const,
  undefined,
);
const alone: fc.Arbitrary<Message> = fc.record({ headline: sentence, tone, parts: repeated(part, 50) });
export const hostileMessage: fc.Arbitrary<Message> = fc
  .tuple(alone, fc.array(alone, { maxLength: 2 }))
  .map(([message, thread]) => ({ ...message, thread }));

const field: fc.Arbitrary<FormField> = fc
  .tuple(
    fc.record({
      label: text,
      hint: fc.option(text, { nil: undefined }),
      optional: fc.option(fc.boolean(), { nil: undefined }),
    }),
    fc.oneof(
      fc.record({
        kind: fc.constant("text" as const),
        multiline: fc.option(fc.boolean(), { nil: undefined }),
        maxLength: fc.option(fc.integer(), { nil: undefined }),
      }),
      fc.record({
        kind: fc.constant("choice" as const),
        options: repeated(fc.record({ label: text, value: text }), 130),
      }),
    ),
  )
  .map(([about, kind]) => ({ name: "reason", ...about, ...kind }) as FormField);
export const hostileForm: fc.Arbitrary<Form> = fc.record({
  title: text,
  line: text,
  intro: fc.option(sentence, { nil: undefined }),
  submit: text,
  cancel: text,
  fields: repeated(field, 120),
});
