import type { AffectedObjects } from "../../domain/recommendations/recommendation.ts";
import { formatNumber, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Cell, Part } from "../message.ts";

const say = sentences({
  en: {
    caption: "Affected objects",
    object: "Object",
    kind: "Kind",
    cluster: "Cluster",
    evaluated: "Evaluated",
    none: "Azure Policy lists no affected objects in these clusters.",
    left_one: "{{number}} more affected object is left out: of a cluster there is room for 500.",
    left_other: "{{number}} more affected objects are left out: of a cluster there is room for 500.",
    some: "Affected objects were read for {{asked}} of {{total}} clusters.",
    denied:
      "Affected objects unknown in {{clusters}}: Breakwater is missing a permission for Policy Insights. {{doctor}} has the fix.",
    failed: "Affected objects unknown in {{clusters}}: {{detail}}",
    title_one: "Affected objects ({{count}} row)",
    title_other: "Affected objects ({{count}} rows)",
  },
  ja: {
    caption: "対象オブジェクト",
    object: "オブジェクト",
    kind: "種類",
    cluster: "クラスター",
    evaluated: "評価日",
    none: "これらのクラスターについて、Azure Policy に対象オブジェクトの記録はありません。",
    left_other: "ほか {{number}} 件の対象オブジェクトは省略しました (1 クラスターあたり 500 件まで)。",
    some: "対象オブジェクトは、クラスター {{total}} 個中 {{asked}} 個について取得しました。",
    denied:
      "{{clusters}} の対象オブジェクトは不明です。Breakwater に Policy Insights の権限がありません。対処方法は {{doctor}} で確認できます。",
    failed: "{{clusters}} の対象オブジェクトは不明です: {{detail}}",
    title_other: "対象オブジェクト ({{count}} 行)",
  },
});

const mostNames = 5;

/** The objects of assessments of `clusters` clusters, and what of them is not known. `csv`: all of them as a file. */
export function affectedObjectsParts(
  read: AffectedObjects & { clusters: number; asOf: string; csv: boolean },
  language: Language,
): Part[] {
  const words = say(language);
  const { objects, left, asked, unread, clusters, asOf, csv } = read;
  const parts: Part[] = [];
  if (objects.length > 0) {
    const columns = (["object", "kind", "cluster", "evaluated"] as const).map((key) => ({
      label: words(key),
    }));
    const rows = objects.map(({ name, kind, cluster, evaluated }): Cell[] => [
      name,
      kind || "–",
      cluster,
      evaluated?.slice(0, 10) ?? "–",
    ]);
    parts.push({ table: { caption: words("caption"), columns, rows, pageSize: 10 } });
  } else if (unread.length === 0) parts.push({ note: words("none") });
  if (left > 0) parts.push({ note: words("left", { count: left, number: formatNumber(left, language) }) });
  if (asked < clusters) {
    const numbers = { asked: formatNumber(asked, language), total: formatNumber(clusters, language) };
    parts.push({ note: words("some", numbers) });
  }
  for (const [why, some] of Map.groupBy(unread, (one) => (one.why === "denied" ? "denied" : "failed"))) {
    const names = some.map(({ name }) => name);
    const values = { clusters: formatSome(names, mostNames, language), detail: some[0]!.detail };
    parts.push({ note: words.rich(why, { ...values, doctor: { code: "/defender doctor" } }) });
  }
  if (csv && objects.length > 0) {
    const rows = objects.map(({ cluster, kind, name, evaluated = "" }) => [cluster, kind, name, evaluated]);
    const title = words("title", { count: rows.length });
    const name = `affected-objects-${asOf.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
    parts.push({ file: { name, title, csv: [["cluster", "kind", "object", "evaluated"], ...rows] } });
  }
  return parts;
}
