import type { RecommendationType } from "../recommendations/recommendation.ts";
import { type KnownRecommendation, knownRecommendations } from "./recommendations.ts";

/** What tells which recommendation an assessment is one of; empty texts say nothing. */
type Recognisable = { key: string; policy: string; title: string; category: string };

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The entry of the catalogue: by its key, then by its policy definition, then by its name in either language. */
export function findRecommendation(about: Recognisable): KnownRecommendation | undefined {
  const key = about.key.toLowerCase();
  const policy = guid.exec(about.policy.split("/").at(-1) ?? "")?.[0].toLowerCase();
  const title = plainName(about.title);
  return (
    knownRecommendations.find((known) => known.key !== undefined && known.key === key) ??
    // Two generations share one policy: the one that is still listed goes first.
    knownRecommendations
      .filter((known) => known.policy === policy && policy !== undefined)
      .sort(listedFirst)[0] ??
    knownRecommendations.find(({ name, nameJa = name }) =>
      [plainName(name), plainName(nameJa)].includes(title),
    )
  );
}

/** The type of a recommendation, also of one that the catalogue does not have. */
export function recommendationType(about: Recognisable, image: boolean): RecommendationType {
  const known = findRecommendation(about);
  if (known) return known.type;
  if (image || /^softwareupdate$/i.test(about.category)) return "vulnerability";
  if (/vulnerabilit|脆弱性/i.test(about.title)) return "vulnerability";
  return /\b(containers?|pods?|images?)\b|コンテナー|ポッド|イメージ/i.test(about.title) &&
    !/registr|レジストリ|defender for/i.test(about.title)
    ? "data-plane"
    : "control-plane";
}

function listedFirst(a: KnownRecommendation, b: KnownRecommendation): number {
  return Number(a.until !== undefined) - Number(b.until !== undefined);
}

/** Names differ in their remarks ("(powered by …)", "[Preview]") between places and times. */
function plainName(name: string): string {
  const bare = withoutLastRemark(name.replace(/^\s*[[［(][^\])］]*[\])］]/, "").trim());
  return (bare || name).replace(/\s+/g, " ").trim().toLowerCase();
}

function withoutLastRemark(name: string): string {
  const open = name.endsWith(")") ? name.indexOf("(", name.lastIndexOf(")", name.length - 2) + 1) : -1;
  return open < 0 ? name : name.slice(0, open).trimEnd().replace(/-$/, "").trimEnd();
}
