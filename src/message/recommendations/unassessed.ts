import type { Unassessed } from "../../domain/recommendations/recommendation.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../message.ts";

/** More of them are a table: it takes the message's only one from what was asked for, so it is for the exception. */
const mostListed = 5;
const documented = "https://learn.microsoft.com/azure/defender-for-cloud/foundational-cspm-opt-in";

const say = sentences({
  en: {
    off: " · Foundational CSPM isn't on in {{number}} of {{total}}",
    unknown: " · unknown whether Foundational CSPM is on in {{number}} of {{total}}",
    caption: "Subscriptions without recommendations",
    subscription: "Subscription",
    plan: "Foundational CSPM",
    line: "{{name}} · Foundational CSPM: {{state}}",
    "off-word": "Not on",
    "unknown-because": "Unknown because {{detail}}",
    unlisted: "Azure doesn't list the plan",
    turnOn:
      "Without Foundational CSPM (free), Defender makes no recommendations. To turn it on: Azure portal › Microsoft Defender for Cloud › Environment settings › the subscription › Foundational CSPM: On › Save. {{document}}",
    document: "Opt in to Foundational CSPM",
  },
  ja: {
    off: " · Foundational CSPM が有効でないもの: {{total}} 件中 {{number}} 件",
    unknown: " · Foundational CSPM が有効かどうか不明: {{total}} 件中 {{number}} 件",
    caption: "推奨事項がないサブスクリプション",
    subscription: "サブスクリプション",
    plan: "Foundational CSPM",
    line: "{{name}} · Foundational CSPM: {{state}}",
    "off-word": "無効",
    "unknown-because": "不明 ({{detail}})",
    unlisted: "Azure の一覧にプランがありません",
    turnOn:
      "Foundational CSPM (無料) が無効の場合、Defender の推奨事項は作成されません。有効にするには、Azure portal › Microsoft Defender for Cloud › 環境設定 › 対象のサブスクリプション › Foundational CSPM をオン › 保存 の順に選択してください。{{document}}",
    document: "Foundational CSPM へのオプトイン",
  },
});

type Read = { unassessed: readonly Unassessed[]; subscriptions: number };

/** ` · Foundational CSPM isn't on in 1 of 4` after a headline that would otherwise claim too much. */
export function notAssessed({ unassessed, subscriptions }: Read, language: Language): string {
  const words = say(language);
  const total = formatNumber(Math.max(subscriptions, unassessed.length), language);
  return (["off", "unknown"] as const)
    .map((state) => {
      const count = unassessed.filter((one) => one.state === state).length;
      return count === 0 ? "" : words(state, { number: formatNumber(count, language), total });
    })
    .join("");
}

/** Which subscriptions have no recommendations, and how Foundational CSPM is turned on. */
export function unassessedParts(unassessed: readonly Unassessed[], language: Language): Part[] {
  if (unassessed.length === 0) return [];
  const words = say(language);
  const rows = unassessed.map(({ name, state, detail }): [string, string] => [
    name,
    state === "off" ? words("off-word") : words("unknown-because", { detail: detail || words("unlisted") }),
  ]);
  const columns = [{ label: words("subscription") }, { label: words("plan") }];
  const subscriptions: Part[] =
    rows.length > mostListed
      ? [{ table: { caption: words("caption"), columns, rows, pageSize: 10 } }]
      : [
          { sentence: { strong: words("caption") } },
          { list: rows.map(([name, state]) => words("line", { name, state })) },
        ];
  return [
    ...subscriptions,
    { note: words.rich("turnOn", { document: { link: words("document"), url: documented } }) },
  ];
}
