import type { Read, Unread } from "../domain/reading/reading.ts";
import { formatItems, formatNumber } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Part } from "./message.ts";

const say = sentences({
  en: {
    asOf_one: "As of {{time}}, from {{number}} subscription.",
    asOf_other: "As of {{time}}, from {{number}} subscriptions.",
    unread: "{{unread}} of {{total}} couldn't be read: {{why}} ({{names}}).",
    more: "{{names}} and {{count}} more",
    denied: "access denied",
    throttled: "rate limited by Azure",
    unreachable: "no answer",
    failed: "Azure returned an error",
    gone: "no longer there",
    "not-registered": "resource provider Microsoft.Security not registered",
    partly: "{{unread}} of {{total}} couldn't be read",
  },
  ja: {
    asOf_other: "{{time}} 時点、サブスクリプション {{number}} 個。",
    unread: "{{total}} 件中 {{unread}} 件を読み取れませんでした ({{why}}: {{names}})。",
    more: "{{names}} ほか {{count}} 件",
    denied: "アクセス拒否",
    throttled: "Azure の呼び出し制限",
    unreachable: "応答なし",
    failed: "Azure のエラー",
    gone: "存在しません",
    "not-registered": "リソース プロバイダー Microsoft.Security が未登録",
    partly: "{{total}} 件中 {{unread}} 件を読み取れませんでした",
  },
});

/** The lines below every answer made of numbers: as of when, from how many subscriptions, and what was not read. */
export function asOf(
  read: Pick<Read<unknown>, "asOf" | "subscriptions" | "unread">,
  language: Language,
): Part[] {
  const words = say(language);
  const time = { time: read.asOf };
  const number = formatNumber(read.subscriptions, language);
  const groups = [...Map.groupBy(read.unread, ({ why }) => why)];
  return [
    { note: words.rich("asOf", { time, count: read.subscriptions, number }) },
    ...groups.map(([why, unread]): Part => {
      const values = { unread: unread.length, total: Math.max(read.subscriptions, unread.length) };
      return { note: words("unread", { ...values, why: words(why), names: names(unread, language) }) };
    }),
  ];
}

/** ` · 1 of 3 couldn't be read` after a headline that would otherwise claim too much; "" where everything was read. */
export function partly(
  { subscriptions, unread }: Pick<Read<unknown>, "subscriptions" | "unread">,
  language: Language,
): string {
  if (unread.length === 0) return "";
  const total = Math.max(subscriptions, unread.length);
  return ` · ${say(language)("partly", { unread: unread.length, total })}`;
}

/** `access denied`: why something couldn't be read. */
export function unreadWord(why: Unread["why"], language: Language): string {
  return say(language)(why);
}

function names(unread: readonly Unread[], language: Language): string {
  const shown = unread.slice(0, 5).map(({ name, id }) => name || id);
  const text = formatItems(shown, language);
  return unread.length > shown.length
    ? say(language)("more", { names: text, count: unread.length - shown.length })
    : text;
}
