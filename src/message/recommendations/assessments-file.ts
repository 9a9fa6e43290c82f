import type { Recommendation } from "../../domain/recommendations/recommendation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../message.ts";

const say = sentences({
  en: { title_one: "Affected resources ({{count}} row)", title_other: "Affected resources ({{count}} rows)" },
  ja: { title_other: "対象リソース ({{count}} 行)" },
});

const header = [
  "severity",
  "risk",
  "type",
  "recommendation",
  "key",
  "resource",
  "kind",
  "subscription",
  "resourceGroup",
  "since",
  "cause",
  "remediation",
  "id",
];

/** Every affected resource of the recommendations; the header is for machines, the same in each language. */
export function assessmentsFile(
  recommendations: readonly Recommendation[],
  at: string,
  language: Language,
): Part {
  const rows = recommendations.flatMap(({ unhealthy }) =>
    unhealthy.map((one) => [
      one.severity,
      one.risk ?? "",
      one.type,
      one.title,
      one.key,
      one.resource.name,
      one.resource.kind,
      one.place.subscription.name,
      one.place.resourceGroup ?? "",
      one.since ?? "",
      one.cause,
      one.remediation,
      one.resource.id,
    ]),
  );
  const name = `recommendations-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  return { file: { name, title: say(language)("title", { count: rows.length }), csv: [header, ...rows] } };
}
