import { type Scope, scopeText } from "../domain/scope/scope.ts";
import type { NoMatch, UnmatchedScope } from "../domain/scope/scope-match.ts";
import type { Severity } from "../domain/severity.ts";
import { formatItems } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { asOf } from "./as-of.ts";
import type { Message, Part } from "./message.ts";
import { severityFloor } from "./words.ts";

const stop = { en: ". ", ja: "。" };

const say = sentences({
  en: {
    nothing: "No cluster, registry, resource group or subscription matches {{scope}}",
    unknown: "Unknown whether anything matches {{scope}}, because not everything in Azure could be read",
    near: "Did you mean {{near}}?",
    groups: "A resource group counts only if it contains a cluster or a registry.",
    later: "It takes effect as soon as something matches.",
    filters: "{{headline}} · filters: {{filters}}",
  },
  ja: {
    nothing: "{{scope}} に一致するクラスター、レジストリ、リソース グループ、サブスクリプションはありません",
    unknown: "Azure の一部を読み取れなかったため、{{scope}} に一致するものがあるかどうかは不明です",
    near: "もしかして {{near}} ですか?",
    groups: "リソース グループは、クラスターまたはレジストリを含むものだけが対象です。",
    later: "一致するものができた時点で有効になります。",
    filters: "{{headline}} · 絞り込み: {{filters}}",
  },
});

function noMatchSentence({ scope, match }: UnmatchedScope, language: Language) {
  return say(language).rich(match.kind, { scope: { code: scopeText(scope) } });
}

/** That a scope names nothing, or that this is unknown, as plain text, with what was probably meant. */
export function noMatchText({ scope, match }: UnmatchedScope, language: Language): string {
  const words = say(language);
  const { near } = match;
  const meant = near ? words("near", { near }) : "";
  const said = words(match.kind, { scope: scopeText(scope) });
  return `${said}${stop[language]}${meant}`.trim();
}

/** What the answer to something that is kept says of its scopes that match nothing now. */
export function unmatchedParts(unmatched: readonly UnmatchedScope[], language: Language): Part[] {
  const later = `${stop[language]}${say(language)("later")}`;
  return unmatched.map((one) => ({ sentence: [...noMatchSentence(one, language), later] }));
}

/** The answer where a scope names nothing; `again` writes the command line with another scope. */
export function noMatchMessage(
  scope: Scope,
  match: NoMatch,
  { language, again }: { language: Language; again: (scope: string) => string },
): Message {
  return {
    headline: noMatchSentence({ scope, match }, language),
    tone: "warning",
    parts: [
      ...nearParts(match.near, again, language),
      { note: say(language)("groups") },
      ...asOf(match.read, language),
    ],
  };
}

/** What was probably meant, with the button that asks for it. */
export function nearParts(
  near: string | undefined,
  again: (near: string) => string,
  language: Language,
): Part[] {
  return near
    ? [
        { sentence: say(language).rich("near", { near: { code: near } }) },
        { actions: [{ label: near, line: again(near) }] },
      ]
    : [];
}

export type NamedFilters = { scope?: Scope; severity?: Severity; more?: readonly string[] };

/** `No open recommendations · filters: cluster:aks-*, High or higher`: an answer says what it was narrowed down to. */
export function withFilters(
  headline: string,
  { scope, severity, more = [] }: NamedFilters,
  language: Language,
): string {
  const filters = [
    scope ? scopeText(scope) : "",
    severity ? severityFloor(severity, language) : "",
    ...more,
  ].filter(Boolean);
  return filters.length > 0
    ? say(language)("filters", { headline, filters: formatItems(filters, language) })
    : headline;
}
