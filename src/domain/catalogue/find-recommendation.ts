import type { RecommendationType } from "../recommendations/recommendation.ts";
import type { KnownRecommendation } from "./known-recommendation.ts";
import { knownRecommendations } from "./recommendations.ts";

/** What tells which recommendation an assessment is one of; empty texts say nothing. */
type Recognisable = { key: string; policy: string; title: string; category: string };

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const byName = new Map(
  knownRecommendations.toReversed().flatMap((known) => {
    const names = [known.name, known.nameJa ?? known.name, ...(known.also ?? [])];
    return names.map((name) => [plainName(name), known] as const);
  }),
);

/** The entry of the catalogue: by its key, then by its policy definition, then by one of its names. */
export function findRecommendation(about: Recognisable): KnownRecommendation | undefined {
  const key = about.key.toLowerCase();
  const policy = policyGuid(about.policy);
  return (
    knownRecommendations.find((known) => known.key !== undefined && known.key === key) ??
    // Two generations share one policy: the one that is still listed goes first.
    knownRecommendations
      .filter((known) => known.policy === policy && policy !== undefined)
      .sort(listedFirst)[0] ??
    byName.get(plainName(about.title))
  );
}

/** The GUID of a built-in policy definition, lower case, out of its id; undefined where there is none. */
export function policyGuid(policy: string): string | undefined {
  return guid.exec(policy.split("/").at(-1) ?? "")?.[0].toLowerCase();
}

/** The type of a recommendation, also of one that the catalogue does not have. `kind`: Azure's word for the resource. */
export function recommendationType(about: Recognisable, kind: string): RecommendationType {
  const known = findRecommendation(about);
  if (known) return known.type;
  if (/^(softwareupdate|serviceupgrade)$/i.test(about.category)) return "vulnerability";
  if (/vulnerabilit|脆弱性|^update /i.test(about.title) || /^\.containerimage$/i.test(kind))
    return "vulnerability";
  // What is set for a container itself, not about its software, is how it is configured.
  if (/^k8s-/i.test(kind)) return "data-plane";
  return /\b(containers?|pods?|images?)\b|コンテナー|ポッド|イメージ/i.test(about.title) &&
    !/registr|レジストリ|defender for/i.test(about.title)
    ? "data-plane"
    : "control-plane";
}

function listedFirst(a: KnownRecommendation, b: KnownRecommendation): number {
  return Number(a.until !== undefined) - Number(b.until !== undefined);
}

/** Names differ in their remarks ("(powered by …)", "[Preview]") and contractions between places and times. */
export function plainName(name: string): string {
  const short = withoutLastRemark(name.replace(/^\s*[[［(][^\])］]*[\])］]/, "").trim());
  return (short || name)
    .replace(/shouldn['’]t\b/gi, "should not")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function withoutLastRemark(name: string): string {
  const open = name.endsWith(")") ? name.indexOf("(", name.lastIndexOf(")", name.length - 2) + 1) : -1;
  return open < 0 ? name : name.slice(0, open).trimEnd().replace(/-$/, "").trimEnd();
}
