import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Form, FormField } from "../../message/message.ts";

const say = sentences({
  en: {
    title: "Mute",
    intro: "Matching alerts aren't posted in this channel for a limited time.",
    type: "Alert type",
    "type-hint": "The type or title of the alert; * matches any text. Leave it empty to mute everything.",
    scope: "Scope",
    "scope-hint":
      "A subscription, resource group, cluster or registry, for example cluster:aks-*. Leave it empty for all.",
    for: "Duration",
    submit: "Mute",
    cancel: "Cancel",
  },
  ja: {
    title: "ミュート",
    intro: "該当するアラートを、一定時間このチャンネルに投稿しません。",
    type: "アラートの種類",
    "type-hint": "アラートの種類または名前。* は任意の文字列に一致します。空欄にするとすべてが対象です。",
    scope: "範囲",
    "scope-hint":
      "サブスクリプション、リソース グループ、クラスター、レジストリ (例: cluster:aks-*)。空欄にするとすべてが対象です。",
    for: "期間",
    submit: "ミュートする",
    cancel: "キャンセル",
  },
});

const minuteMs = 60_000;
const lengths: readonly [value: string, minutes: number][] = [
  ["30m", 30],
  ["1h", 60],
  ["4h", 240],
  ["1d", 1440],
  ["7d", 10_080],
];

/** Asks for what the line left open: what to mute, where, and for how long. */
export function muteForm(alertType: string | undefined, scopes: readonly Scope[], language: Language): Form {
  const words = say(language);
  const type: FormField = {
    name: "alertType",
    label: words("type"),
    hint: words("type-hint"),
    kind: "text",
    optional: true,
    maxLength: 200,
  };
  const scope: FormField = {
    name: "scope",
    label: words("scope"),
    hint: words("scope-hint"),
    kind: "text",
    optional: true,
    maxLength: 300,
  };
  return {
    title: words("title"),
    line: commandLine(["mute", ...(alertType ? [alertType] : [])], { scope: scopes.map(scopeText) }),
    intro: words("intro"),
    submit: words("submit"),
    cancel: words("cancel"),
    fields: [
      ...(alertType ? [] : [type]),
      ...(scopes.length > 0 ? [] : [scope]),
      {
        name: "for",
        label: words("for"),
        kind: "choice",
        options: lengths.map(([value, minutes]) => ({
          label: formatDuration(minutes * minuteMs, language),
          value,
        })),
      },
    ],
  };
}
