import {
  combinedScore,
  type ScoreEffect,
  type ScoreGain,
  type SecureScores,
} from "../../domain/recommendations/secure-score.ts";
import { formatNumber, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part, Sentence } from "../message.ts";

const say = sentences({
  en: {
    label: "Secure score",
    percent: "{{percent}}%",
    gain: "+{{percent}}%",
    small: "< +0.1%",
    most: "{{gain}} at most",
    nothing: "No effect: no control of the score counts this recommendation",
    unknown: "Unknown",
    heading: "What fixing it adds to the secure score, at most",
    line: "{{subscription}}: +{{points}} points ({{gain}}) · {{control}}, now {{current}} of {{max}}, with {{healthy}} healthy and {{unhealthy}} unhealthy",
    more: "and {{count}} more",
    how: "A resource counts as healthy once all recommendations of the control are fixed on it. Defender calculates scores every eight hours.",
    unscored:
      "Secure score unknown for {{names}}: Azure returned none. Either there is none yet, or Breakwater is missing {{action}}; then {{doctor}} shows the fix.",
    failed: "Secure score unknown for {{names}}: {{detail}}",
    controls: "Which recommendations count in the secure score couldn't be read.",
  },
  ja: {
    label: "セキュア スコア",
    percent: "{{percent}}%",
    gain: "+{{percent}}%",
    small: "+0.1% 未満",
    most: "最大 {{gain}}",
    nothing: "影響なし (この推奨事項を対象とするスコアのコントロールはありません)",
    unknown: "不明",
    heading: "修復によるセキュア スコアの増加 (最大)",
    line: "{{subscription}}: +{{points}} 点 ({{gain}}) · {{control}} (現在 {{max}} 点中 {{current}} 点、正常 {{healthy}}、異常 {{unhealthy}})",
    more: "ほか {{count}} 件",
    how: "リソースは、コントロールのすべての推奨事項を修復すると正常として数えられます。スコアは Defender が 8 時間ごとに計算します。",
    unscored:
      "{{names}} のセキュア スコアは不明です。Azure から取得できませんでした。スコアがまだないか、Breakwater に {{action}} の権限がありません。権限がない場合の対処方法は {{doctor}} で確認できます。",
    failed: "{{names}} のセキュア スコアは不明です: {{detail}}",
    controls: "セキュア スコアの対象となる推奨事項を読み取れませんでした。",
  },
});

const shown = 5;
const action = "Microsoft.Security/secureScores/read";

/** `Secure score` · `61.3%` of the subscriptions together; where none could be read, unknown. */
export function scoreFact(scores: SecureScores, language: Language): [string, Sentence] {
  const words = say(language);
  const percent = combinedScore(scores.scores);
  const said =
    percent === undefined ? words("unknown") : words("percent", { percent: oneDecimal(percent, language) });
  return [words("label"), said];
}

/** What fixing a recommendation adds, as a cell of a table: `+0.8%`, `–` for nothing. */
export function scoreCell(effect: ScoreEffect, language: Language): string {
  if (effect.kind === "none") return "–";
  return effect.kind === "unknown" ? say(language)("unknown") : gainText(effect.percent, language);
}

export function scoreLabel(language: Language): string {
  return say(language)("label");
}

/** The same as a fact of one recommendation. */
export function effectFact(effect: ScoreEffect, language: Language): [string, Sentence] {
  const words = say(language);
  if (effect.kind === "none") return [words("label"), words("nothing")];
  if (effect.kind === "unknown") return [words("label"), words("unknown")];
  return [words("label"), words("most", { gain: gainText(effect.percent, language) })];
}

/** What it adds in each subscription, the most first, with the control that counts it; and where that is unknown. */
export function effectParts(effect: ScoreEffect, scores: SecureScores, language: Language): Part[] {
  if (effect.kind === "none") return [];
  const unscored = scores.unscored.filter(({ id }) => effect.unknown.includes(id));
  const unknown = unscoredParts({ ...scores, unscored }, language);
  return effect.kind === "gain" ? [...gainParts(effect.gains, language), ...unknown] : unknown;
}

function gainParts(gains: readonly ScoreGain[], language: Language): Part[] {
  const words = say(language);
  const two = (value: number) => formatNumber(Math.round(value * 100) / 100, language);
  const lines = gains.slice(0, shown).map(({ subscription, title, control, points, percent }) =>
    words("line", {
      subscription: subscription.name,
      points: two(points),
      gain: gainText(percent, language),
      control: title,
      current: two(control.current),
      max: two(control.max),
      healthy: formatNumber(control.healthy, language),
      unhealthy: formatNumber(control.unhealthy, language),
    }),
  );
  const left = gains.length - lines.length;
  const more = left > 0 ? [words("more", { count: formatNumber(left, language) })] : [];
  return [{ sentence: { strong: words("heading") } }, { list: [...lines, ...more] }, { note: words("how") }];
}

/** Which subscriptions have no score that could be read, and why. */
export function unscoredParts({ scores, definitions, unscored }: SecureScores, language: Language): Part[] {
  const words = say(language);
  const controls: Part[] = scores.length > 0 && definitions.length === 0 ? [{ note: words("controls") }] : [];
  const missing = [...Map.groupBy(unscored, ({ detail }) => detail)].map(([detail, same]): Part => {
    const names = same.map(({ name, id }) => name || id);
    return {
      note: words.rich(detail ? "failed" : "unscored", {
        names: formatSome(names, shown, language),
        detail,
        action: { code: action },
        doctor: { code: "/defender doctor" },
      }),
    };
  });
  return [...controls, ...missing];
}

function gainText(percent: number, language: Language): string {
  const words = say(language);
  if (percent > 0 && percent < 0.05) return words("small");
  return words("gain", { percent: oneDecimal(percent, language) });
}

function oneDecimal(value: number, language: Language): string {
  return formatNumber(Math.round(value * 10) / 10, language);
}
