import {
  type ChangeKind,
  changeKinds,
  type RecommendationChange,
  type RecommendationsDigest,
} from "../../domain/recommendations/watch/digest.ts";
import { endings } from "../../domain/recommendations/watch/watch-state.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Cell, Part } from "../../message/message.ts";
import { typeWord } from "../../message/recommendations/recommendation-words.ts";
import { severityCell, severityCounts, severityWord } from "../../message/words.ts";

const say = sentences({
  en: {
    "count-new": "{{number}} new{{worst}}",
    "count-raised": "{{number}} raised in severity{{worst}}",
    "count-more": "{{number}} with more affected resources",
    "count-fixed": "{{number}} fixed",
    "count-fewer": "{{number}} with fewer affected resources",
    "count-exempt": "{{number}} exempted",
    "count-withdrawn": "{{number}} no longer reported",
    "count-lowered": "{{number}} lowered in severity",
    new: "New",
    raised: "Raised",
    more: "More affected",
    fixed: "Fixed",
    fewer: "Fewer affected",
    exempt: "Exempted",
    withdrawn: "No longer reported",
    lowered: "Lowered",
    "ended-fixed": "{{number}} fixed",
    "ended-exempt": "{{number}} exempted",
    "ended-withdrawn": "{{number}} no longer reported",
    "ended-deleted": "{{number}} deleted",
    added: "{{number}} more",
    was: "{{now}} (was {{was}})",
    more_of: "{{names}} +{{count}}",
    caption: "Changes, new ones first",
    number: "#",
    change: "Change",
    severity: "Severity",
    type: "Type",
    title: "Recommendation",
    affected: "Affected",
    what: "Resources",
    where: "Where",
    worst: " ({{counts}})",
  },
  ja: {
    "count-new": "新規 {{number}} 件{{worst}}",
    "count-raised": "重大度の引き上げ {{number}} 件{{worst}}",
    "count-more": "対象リソースの増加 {{number}} 件",
    "count-fixed": "修正済み {{number}} 件",
    "count-fewer": "対象リソースの減少 {{number}} 件",
    "count-exempt": "除外 {{number}} 件",
    "count-withdrawn": "報告対象外 {{number}} 件",
    "count-lowered": "重大度の引き下げ {{number}} 件",
    new: "新規",
    raised: "重大度の引き上げ",
    more: "対象の増加",
    fixed: "修正済み",
    fewer: "対象の減少",
    exempt: "除外",
    withdrawn: "報告対象外",
    lowered: "重大度の引き下げ",
    "ended-fixed": "修正済み {{number}}",
    "ended-exempt": "除外 {{number}}",
    "ended-withdrawn": "報告対象外 {{number}}",
    "ended-deleted": "削除 {{number}}",
    added: "増加 {{number}}",
    was: "{{now}} (以前は{{was}})",
    more_of: "{{names}} ほか {{count}} 件",
    caption: "変化 (新規が先)",
    number: "#",
    change: "変化",
    severity: "重大度",
    type: "種類",
    title: "推奨事項",
    affected: "対象",
    what: "リソース",
    where: "場所",
    worst: " ({{counts}})",
  },
});

/** `2 new (1 High), 1 fixed`. */
export function phrase({ changes, counts }: RecommendationsDigest, language: Language): string {
  const words = say(language);
  const said = changeKinds.flatMap((kind) => {
    const number = counts[kind] ?? 0;
    if (number === 0) return [];
    const values = { number: formatNumber(number, language), worst: severe(kind, changes, language) };
    return [words(`count-${kind}`, values)];
  });
  return formatItems(said, language);
}

/** ` (1 Critical, 3 High)`; "" where there is neither. */
function severe(kind: ChangeKind, changes: readonly RecommendationChange[], language: Language): string {
  const count = (severity: "critical" | "high") =>
    changes.filter((one) => one.kind === kind && one.severity === severity).length;
  const counts = severityCounts({ critical: count("critical"), high: count("high") }, language);
  return counts ? say(language)("worst", { counts }) : "";
}

/** Every change as a row, numbered as in the menu. */
export function changesTable({ changes, more }: RecommendationsDigest, language: Language): Part {
  const words = say(language);
  const rows = changes.map((one, index): Cell[] => [
    { number: index + 1 },
    words(one.kind),
    severityText(one, language),
    typeWord(one.type, language),
    one.title,
    { number: one.now, text: `${formatNumber(one.before, language)} → ${formatNumber(one.now, language)}` },
    what(one, language),
    whereText(one, language),
  ]);
  const right = (key: "number" | "affected") => ({ label: words(key), align: "right" as const });
  const left = (key: "change" | "severity" | "type" | "title" | "what" | "where") => ({ label: words(key) });
  return {
    table: {
      caption: words("caption"),
      columns: [
        right("number"),
        left("change"),
        left("severity"),
        left("type"),
        left("title"),
        right("affected"),
        left("what"),
        left("where"),
      ],
      rows,
      ...(more > 0 && { total: rows.length + more }),
      pageSize: 10,
    },
  };
}

function severityText({ severity, was }: RecommendationChange, language: Language): string {
  const now = severityCell(severity, language);
  return was ? say(language)("was", { now, was: severityWord(was, language) }) : now;
}

function what({ added, ended }: RecommendationChange, language: Language): string {
  const words = say(language);
  const parts = [
    added > 0 ? words("added", { number: formatNumber(added, language) }) : "",
    ...endings.map((ending) => {
      const count = ended[ending] ?? 0;
      return count > 0 ? words(`ended-${ending}`, { number: formatNumber(count, language) }) : "";
    }),
  ].filter(Boolean);
  return formatItems(parts, language) || "–";
}

function whereText({ where, places }: RecommendationChange, language: Language): string {
  const names = formatItems(where, language);
  const count = places - where.length;
  return (count > 0 ? say(language)("more_of", { names, count }) : names) || "–";
}
