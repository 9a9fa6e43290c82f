import type { AssessedResource } from "../../domain/compliance/compliance.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Table } from "../../message/message.ts";
import { resourceKindWord } from "../../message/recommendations/recommendation-words.ts";
import { withFilters } from "../../message/scope.ts";

const say = sentences({
  en: {
    some_one: "{{number}} resource failed: {{title}}",
    some_other: "{{number}} resources failed: {{title}}",
    none: "No resource failed: {{title}}",
    nothing: "No resource here is assessed by {{title}}",
    control: "Control",
    counts: "Resources",
    "counts-value": "{{unhealthy}} failed, {{healthy}} passed, {{rest}} skipped",
    caption: "Failed resources",
    resource: "Resource",
    kind: "Kind",
    where: "Subscription",
    since: "Since",
    cause: "Cause",
    recommendation: "How to fix it",
    cut: "Breakwater stops at 5,000 resources: {{number}} or more are missing. Narrow it down with a scope such as sub:NAME.",
    file_one: "Assessed resources ({{number}} row)",
    file_other: "Assessed resources ({{number}} rows)",
  },
  ja: {
    some_other: "{{number}} 件のリソースが不合格: {{title}}",
    none: "不合格のリソースはありません: {{title}}",
    nothing: "ここには {{title}} の評価対象のリソースがありません",
    control: "コントロール",
    counts: "リソース",
    "counts-value": "不合格 {{unhealthy}}、合格 {{healthy}}、スキップ {{rest}}",
    caption: "不合格のリソース",
    resource: "リソース",
    kind: "種類",
    where: "サブスクリプション",
    since: "検出",
    cause: "原因",
    recommendation: "修復方法",
    cut: "5,000 件で打ち切りました。残り {{number}} 件以上は含まれていません。sub:名前 などの範囲で絞り込んでください。",
    file_other: "評価対象のリソース ({{number}} 行)",
  },
});

export type AskedAssessment = {
  scope?: Scope;
  csv: boolean;
  key: string;
  /** What the assessment is called, where its rows don't say. */
  title: string;
  /** Standard and control that led here. */
  control: string;
};

/** The answer of `compliance --assessment`: the resources that fail it. */
export function resourcesMessage(
  read: Read<AssessedResource[]> & { missing: number },
  asked: AskedAssessment,
  language: Language,
): Message {
  const words = say(language);
  const unhealthy = read.value.filter(({ status }) => status === "unhealthy");
  const healthy = read.value.filter(({ status }) => status === "healthy").length;
  const title = read.value.find((one) => one.title)?.title ?? asked.title;
  const count = unhealthy.length;
  const key = read.value.length === 0 ? "nothing" : count > 0 ? "some" : "none";
  const first = words(key, { count, number: formatNumber(count, language), title });
  const rest = read.value.length - count - healthy;
  const good = healthy > 0 && read.missing === 0 && readWhole(read);
  return {
    headline: withFilters(`${first}${partly(read, language)}`, { scope: asked.scope }, language),
    tone: count > 0 ? "bad" : good ? "good" : "warning",
    parts: [
      {
        facts: [
          [words("control"), asked.control],
          [words("counts"), words("counts-value", { unhealthy: count, healthy, rest })],
        ],
      },
      ...(count > 0 ? [table(unhealthy, language)] : []),
      ...recommendationButton(read.value, asked, language),
      ...(read.missing > 0 ? [{ note: words("cut", { number: formatNumber(read.missing, language) }) }] : []),
      ...(asked.csv && read.value.length > 0 ? [file(read, language)] : []),
      ...asOf(read, language),
    ],
  };
}

function table(unhealthy: readonly AssessedResource[], language: Language): Table {
  const words = say(language);
  const columns = (["resource", "kind", "where", "since", "cause"] as const).map((key) => ({
    label: words(key),
  }));
  const rows = unhealthy.map(({ name, kind, place, since, cause }): Cell[] => [
    name || "–",
    resourceKindWord(kind, language),
    place.subscription.name,
    since?.slice(0, 10) ?? "–",
    cause || "–",
  ]);
  return { table: { caption: words("caption"), columns, rows, pageSize: 10 } };
}

/** Not what just lies in a cluster's resource group of nodes: `recommendations` has none of it. */
const ofContainers =
  /\/providers\/microsoft\.(containerservice\/managedclusters|containerregistry\/registries|kubernetes\/connectedclusters)\//i;

/** What concerns containers is a recommendation that the bot explains. */
function recommendationButton(
  all: readonly AssessedResource[],
  { key, scope }: AskedAssessment,
  language: Language,
): Part[] {
  if (!all.some(({ id }) => ofContainers.test(`${id}/`))) return [];
  const line = commandLine(["recommendation", key, ...(scope ? [scopeText(scope)] : [])]);
  return [{ actions: [{ label: say(language)("recommendation"), line }] }];
}

const header = "resource,kind,status,subscription,resourceGroup,since,cause,id".split(",");

function file({ value, asOf: at }: Read<AssessedResource[]>, language: Language): Part {
  const rows = value.map((one) => [
    one.name,
    one.kind,
    one.status,
    one.place.subscription.name,
    one.place.resourceGroup ?? "",
    one.since ?? "",
    one.cause,
    one.id,
  ]);
  const number = formatNumber(rows.length, language);
  return {
    file: {
      name: `compliance-resources-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
      title: say(language)("file", { count: rows.length, number }),
      csv: [header, ...rows],
    },
  };
}
