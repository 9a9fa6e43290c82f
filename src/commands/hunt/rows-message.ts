import { cannotCompare, huntRowName } from "../../domain/hunts/hunt-watch.ts";
import type { Hunt, HuntAnswer, HuntRow } from "../../domain/hunts/hunts.ts";
import { readWhole } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { columnWord } from "../../message/hunts/hunt-columns.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Table } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { severityWord } from "../../message/words.ts";

const say = sentences({
  en: {
    some_one: "{{number}} match · {{severity}} · {{title}}",
    some_other: "{{number}} matches · {{severity}} · {{title}}",
    none: "No matches · {{title}}",
    unknown: "Unknown: {{title}}",
    details:
      "This hunt needs CVE details, which Breakwater can't read. {{line}} shows the missing permission.",
    action: "What to do: {{action}}",
    limit: "Limits: {{limit}}",
    cut: "Read up to the limit: {{number}} or more rows are missing. Resource Graph returns 1,000 rows a page and doesn't page every summarized result; Breakwater stops at 5,000. Narrow it down with a scope such as sub:NAME.",
    caption: "{{title}}",
    resource: "Resource",
    subscription: "Subscription",
    file_one: "Hunt {{name}} ({{number}} row)",
    file_other: "Hunt {{name}} ({{number}} rows)",
    csv: "Every row as CSV",
    watch: "Watch in this channel",
  },
  ja: {
    some_other: "{{number}} 件が該当 · {{severity}} · {{title}}",
    none: "該当なし · {{title}}",
    unknown: "不明: {{title}}",
    details: "このハントに必要な CVE の詳細を読み取れません。不足している権限は {{line}} で確認できます。",
    action: "対処方法: {{action}}",
    limit: "制限: {{limit}}",
    cut: "上限まで読み取りました。残り {{number}} 行以上は含まれていません。Resource Graph が返すのは 1 ページあたり 1,000 行で、集計結果ではページングできない場合があります。Breakwater は 5,000 行で打ち切ります。sub:名前 などの範囲で絞り込んでください。",
    caption: "{{title}}",
    resource: "リソース",
    subscription: "サブスクリプション",
    file_other: "ハント {{name}} ({{number}} 行)",
    csv: "すべての行 (CSV)",
    watch: "このチャンネルで監視",
  },
});

export type AskedHunt = { hunt: Hunt; scope?: Scope; cve?: string; csv: boolean };

/** The answer of a hunt: how many match, the rows, what to do, and what the query can't know. */
export function rowsMessage(answer: HuntAnswer, asked: AskedHunt, language: Language): Message {
  const words = say(language);
  const { hunt } = asked;
  const rows = answer.value;
  const matched = rows.length > 0 || answer.missing > 0;
  const whole = readWhole(answer) && answer.missing === 0 && answer.unknown === undefined;
  const severe = hunt.severity === "critical" || hunt.severity === "high";
  return {
    headline: headlineOf(answer, asked, language),
    tone: matched && severe ? "bad" : !matched && whole ? "good" : "warning",
    parts: [
      { sentence: hunt.texts[language][matched ? "explanation" : "question"] },
      ...(answer.unknown
        ? [{ sentence: words.rich("details", { line: { code: "/defender doctor" } }) }]
        : rowParts(answer, asked, language)),
      ...(matched ? [{ sentence: words("action", { action: hunt.texts[language].action }) }] : []),
      ...(answer.missing > 0
        ? [{ note: words("cut", { number: formatNumber(answer.missing, language) }) }]
        : []),
      ...limitParts(hunt, language),
      ...(cannotCompare(answer) ? [] : [watchPart(asked, language)]),
      ...asOf(answer, language),
    ],
  };
}

/** The way to hear of rows that appear or go. */
function watchPart({ hunt, scope, cve }: AskedHunt, language: Language): Part {
  const line = commandLine(["hunt", hunt.name, ...(scope ? [scopeText(scope)] : [])], { cve, watch: true });
  return { actions: [{ label: say(language)("watch"), line }] };
}

/** The first line: what was matched, under which filters, and how much of the estate was not read. */
function headlineOf(answer: HuntAnswer, { hunt, scope, cve }: AskedHunt, language: Language): string {
  const words = say(language);
  const { title } = hunt.texts[language];
  const count = answer.value.length;
  const number = `${formatNumber(count, language)}${answer.missing > 0 ? "+" : ""}`;
  const severity = severityWord(hunt.severity, language);
  const first = answer.unknown
    ? words("unknown", { title })
    : count > 0
      ? words("some", { count, number, severity, title })
      : words("none", { title });
  return withFilters(`${first}${partly(answer, language)}`, { scope, more: cve ? [cve] : [] }, language);
}

/** What Security Explorer knows and Resource Graph does not. */
export function limitParts({ texts }: Hunt, language: Language): Part[] {
  const { limit } = texts[language];
  return limit ? [{ note: say(language)("limit", { limit }) }] : [];
}

function rowParts(answer: HuntAnswer, { hunt, scope, cve, csv }: AskedHunt, language: Language): Part[] {
  if (answer.value.length === 0) return [];
  const line = commandLine(["hunt", hunt.name, ...(scope ? [scopeText(scope)] : [])], { cve, csv: true });
  const words = say(language);
  return [
    tableOf(answer, hunt, language),
    ...(csv ? [fileOf(answer, hunt, language)] : [{ actions: [{ label: words("csv"), line }] }]),
  ];
}

function tableOf({ value, columns, missing }: HuntAnswer, hunt: Hunt, language: Language): Table {
  const words = say(language);
  const shown = columns.filter((name) =>
    value.some(({ cells }) => cells[name] !== "" && cells[name] !== undefined),
  );
  const cell = (row: HuntRow, name: string): Cell => {
    const read = row.cells[name] ?? "";
    return typeof read === "number" ? { number: read } : read;
  };
  return {
    table: {
      caption: words("caption", { title: hunt.texts[language].title }),
      columns: [
        { label: words("resource") },
        ...shown.map((name) => ({
          label: columnWord(name, language),
          ...(value.every(({ cells }) => typeof cells[name] === "number") && { align: "right" as const }),
        })),
        { label: words("subscription") },
      ],
      rows: value.map((row) => [
        huntRowName(row),
        ...shown.map((name) => cell(row, name)),
        row.place.subscription.name,
      ]),
      ...(missing > 0 && { total: value.length + missing }),
      pageSize: 10,
    },
  };
}

/** Every row; the header is for machines, the same in each language. */
function fileOf({ value, columns, asOf }: HuntAnswer, hunt: Hunt, language: Language): Part {
  const rows = value.map(({ id, resource, place, cells }) => [
    huntRowName({ resource, place }),
    ...columns.map((name) => cells[name] ?? ""),
    place.resourceGroup ?? "",
    place.subscription.name,
    place.subscription.id,
    id,
  ]);
  const number = formatNumber(rows.length, language);
  const header = ["resource", ...columns, "resourceGroup", "subscription", "subscriptionId", "id"];
  const name = `hunt-${hunt.name}-${asOf.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  const title = say(language)("file", { count: rows.length, number, name: hunt.name });
  return { file: { name, title, csv: [header, ...rows] } };
}
