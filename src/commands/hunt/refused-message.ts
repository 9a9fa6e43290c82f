import type { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { type AskedHunt, limitParts } from "./rows-message.ts";

const say = sentences({
  en: {
    refused: "Resource Graph rejected the hunt {{name}}",
    size: "The answer is larger than 16 MB, the most that Resource Graph sends. Narrow it down with a scope such as sub:NAME.",
    operators:
      "The query is beyond a limit of Resource Graph: it allows three of join, union and mv-expand each.",
    query:
      "Resource Graph rejected the query as invalid. If it's one of your own files, fix the line that is named.",
  },
  ja: {
    refused: "Resource Graph がハント {{name}} を拒否しました",
    size: "応答が Resource Graph の上限の 16 MB を超えています。sub:名前 などの範囲で絞り込んでください。",
    operators:
      "クエリが Resource Graph の制限を超えています。join、union、mv-expand はそれぞれ 3 個までです。",
    query:
      "Resource Graph で有効なクエリではありません。独自のファイルの場合は、示された行を修正してください。",
  },
});

/** Which limit of Resource Graph a hunt met, with Azure's own words [Resource Graph docs, supported operators, paging]. */
export function refusedMessage(
  { code, message }: UpstreamError,
  { hunt, scope, cve }: AskedHunt,
  language: Language,
): Message {
  const words = say(language);
  const why = /PayloadTooLarge/i.test(code + message)
    ? "size"
    : /DisallowedMaxNumber|DisallowedMvExpand/i.test(code + message)
      ? "operators"
      : "query";
  const filters = { scope, more: cve ? [cve] : [] };
  return {
    headline: withFilters(words("refused", { name: hunt.name }), filters, language),
    tone: "bad",
    parts: [{ sentence: words(why) }, { quote: message }, ...limitParts(hunt, language)],
  };
}
