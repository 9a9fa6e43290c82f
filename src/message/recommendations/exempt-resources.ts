import type { Exempted } from "../../domain/exemptions/exemptions.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { unreadWord } from "../as-of.ts";
import type { Part, Sentence } from "../message.ts";

const say = sentences({
  en: {
    heading_one: "Exempt: {{count}} resource, not counted",
    heading_other: "Exempt: {{count}} resources, not counted",
    until: "{{name}} until {{time}}",
    never: "{{name}}, without an end",
    unknown: "{{name}}; end unknown: Azure doesn't say which exemption it is",
    unread: "{{name}}; end unknown: exemptions couldn't be read ({{why}})",
    more: "and {{count}} more",
  },
  ja: {
    heading_other: "除外 (数えないリソース): {{count}} 個",
    until: "{{name}} ({{time}} まで)",
    never: "{{name}} (期限なし)",
    unknown: "{{name}} (期限は不明: どの除外によるものか Azure からは分かりません)",
    unread: "{{name}} (期限は不明: 除外を読み取れませんでした ({{why}}))",
    more: "ほか {{count}} 個",
  },
});

const shown = 10;

/** Which resources of a recommendation are exempt, and until when. */
export function exemptParts(exempted: readonly Exempted[], language: Language): Part[] {
  if (exempted.length === 0) return [];
  const words = say(language);
  const lines = exempted.slice(0, shown).map(({ name, expires, unread }): Sentence => {
    if (unread) return words("unread", { name, why: unreadWord(unread, language) });
    if (expires === undefined) return words("unknown", { name });
    if (expires === "never") return words("never", { name });
    return words.rich("until", { name, time: { time: expires } });
  });
  const left = exempted.length - shown;
  return [
    { sentence: { strong: words("heading", { count: exempted.length }) } },
    { list: left > 0 ? [...lines, words("more", { count: left })] : lines },
  ];
}
