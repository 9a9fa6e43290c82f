import type { RescanDigest } from "../../domain/findings/digest/delta.ts";
import { formatList, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf } from "../../message/as-of.ts";
import { countedText, modelLines, sumOf } from "../../message/findings/finding.ts";
import type { Message, Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    headline: "What was read for this digest",
    models: "Findings sources",
    untagged:
      "Compared by push time because tags couldn't be read: {{names}}. Give Breakwater AcrPull there (Container Registry Repository Reader in ABAC mode), and a network path.",
    stale_one: "{{number}} image or node pool could not be read: it is shown as it was before.",
    stale_other: "{{number}} images and node pools could not be read: they are shown as they were before.",
    closed: "Beside the open findings: {{exempted}} exempted, {{disabled}} disabled.",
    missing: "Not scanned although it was time: {{counted}}.",
    compared: "Compared with the scan of {{time}}.",
    raw_one: "Read before the channel's filters: {{number}} finding; {{artifacts}} images and node pools.",
    raw_other: "Read before the channel's filters: {{number}} findings; {{artifacts}} images and node pools.",
  },
  ja: {
    headline: "このまとめのために読み取ったもの",
    models: "検出結果の取得元",
    untagged:
      "タグを読み取れないため、プッシュ日時で比較: {{names}}。AcrPull (ABAC モードでは Container Registry Repository Reader) の付与とネットワーク経路を確認してください。",
    stale_other: "イメージまたはノード プール {{number}} 個を読み取れず、以前の内容を引き継いでいます。",
    closed: "未対応のほかに: 除外 {{exempted}} 件、無効化 {{disabled}} 件。",
    missing: "予定の時期にスキャンされていないもの: {{counted}}。",
    compared: "{{time}} のスキャンと比較しました。",
    raw_other: "絞り込み前の読み取り: 検出結果 {{number}} 件、イメージとノード プール {{artifacts}} 個。",
  },
});

const namesShown = 10;

/** The reply in the thread: which models answered, what was not read, and how things were compared. */
export function readingMessage(digest: RescanDigest, language: Language): Message {
  const words = say(language);
  const { head, before, counts, unread } = digest;
  const [exempted, disabled, artifacts] = [head.exempted, head.disabled, head.artifacts].map((count) =>
    formatNumber(count, language),
  );
  const models = modelLines(head.models, language);
  const parts: (Part | undefined)[] = [
    { sentence: { strong: words("models") } },
    models.length > 0 ? { list: models } : undefined,
    sentence(
      words("raw", {
        count: head.findings,
        number: formatNumber(head.findings, language),
        artifacts: artifacts!,
      }),
    ),
    sentence(words("closed", { exempted: exempted!, disabled: disabled! })),
    head.untagged.length > 0
      ? sentence(words("untagged", { names: names(head.untagged, language) }))
      : undefined,
    head.stale > 0
      ? sentence(words("stale", { count: head.stale, number: formatNumber(head.stale, language) }))
      : undefined,
    sumOf(counts["scan-missing"]) > 0
      ? sentence(words("missing", { counted: countedText(counts["scan-missing"], language) }))
      : undefined,
    before ? sentence(words.rich("compared", { time: { time: before.asOf } })) : undefined,
    ...(head.untaggedWhy ?? [])
      .slice(0, namesShown)
      .map(({ name, detail }): Part => ({ note: `${name}: ${detail}` })),
    ...asOf({ asOf: head.asOf, subscriptions: head.subscriptions, unread }, language),
  ];
  return { headline: words("headline"), parts: parts.filter((part) => part !== undefined) };
}

const sentence = (said: Sentence): Part => ({ sentence: said });

function names(all: readonly string[], language: Language): string {
  const more = all.length - namesShown;
  const shown = all.slice(0, namesShown);
  return formatList(more > 0 ? [...shown, `+${more}`] : shown, language);
}
