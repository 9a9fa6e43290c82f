import type { ChangeKind, RescanDigest } from "../../domain/findings/digest/delta.ts";
import type { SeverityCounts } from "../../domain/findings/model/snapshot.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { sumOf } from "../../message/findings/finding.ts";
import type { Sentence } from "../../message/message.ts";
import { severityCounts } from "../../message/words.ts";
import { isQuiet } from "./quiet.ts";

const say = sentences({
  en: {
    baseline_one: "First scan: {{number}} open finding. From the next scan, only changes are posted",
    baseline_other: "First scan: {{number}} open findings. From the next scan, only changes are posted",
    shrunk:
      "Far fewer findings than on {{time}} ({{before}} → {{now}}) and no error: nothing is announced as fixed",
    quiet_one: "Nothing changed since {{time}}: {{number}} open finding",
    quiet_other: "Nothing changed since {{time}}: {{number}} open findings",
    filtered_one: "Nothing changed within this channel's filters since {{time}}: {{number}} open finding",
    filtered_other: "Nothing changed within this channel's filters since {{time}}: {{number}} open findings",
    changed: "{{changes}} since {{time}}{{images}}",
    new_one: "{{number}} new finding{{worst}}",
    new_other: "{{number}} new findings{{worst}}",
    "new-image": "{{number}} in {{images}}{{worst}}",
    images_one: "{{count}} new image",
    images_other: "{{count}} new images",
    regressed: "{{number}} regressed{{worst}}",
    raised: "{{number}} raised in severity{{worst}}",
    news: "{{number}} with a new exploit or fix",
    fixed: "{{number}} fixed",
    withdrawn: "{{number}} withdrawn",
    gone: "{{number}} gone",
    "scan-missing": "{{number}} not scanned",
    "not-read": "{{number}} couldn't be read",
    "first-read": "{{number}} read for the first time",
    none: "No finding changed",
    rebuilt_one: " · {{count}} image rebuilt",
    rebuilt_other: " · {{count}} images rebuilt",
    deleted_one: " · {{count}} image gone",
    deleted_other: " · {{count}} images gone",
    empty_one: " · {{count}} new image",
    empty_other: " · {{count}} new images",
  },
  ja: {
    baseline_other: "初回スキャン: 未対応の検出結果 {{number}} 件。今後は変化だけをお知らせします",
    shrunk:
      "検出結果が {{time}} より大幅に減りました ({{before}} → {{now}})。エラーはありませんが、修正済みとしては扱いません",
    quiet_other: "{{time}} から変化はありません。未対応は {{number}} 件です",
    filtered_other: "このチャンネルの絞り込みでは {{time}} から変化はありません。未対応は {{number}} 件です",
    changed: "{{time}} からの変化: {{changes}}{{images}}",
    new_other: "新規 {{number}} 件{{worst}}",
    "new-image": "{{images}}に {{number}} 件{{worst}}",
    images_other: "新しいイメージ {{count}} 個",
    regressed: "再発 {{number}} 件{{worst}}",
    raised: "重大度の引き上げ {{number}} 件{{worst}}",
    news: "エクスプロイトまたは修正版の公開 {{number}} 件",
    fixed: "修正済み {{number}} 件",
    withdrawn: "報告対象外 {{number}} 件",
    gone: "消失 {{number}} 件",
    "scan-missing": "スキャンなし {{number}} 件",
    "not-read": "読み取り不可 {{number}} 件",
    "first-read": "初めて読み取り {{number}} 件",
    none: "検出結果に変化なし",
    rebuilt_other: " · 再ビルドされたイメージ {{count}} 個",
    deleted_other: " · 消失したイメージ {{count}} 個",
    empty_other: " · 新しいイメージ {{count}} 個",
  },
});

/** What is said in the first line, in this order: bad news before good. */
const said: readonly ChangeKind[] = [
  "new",
  "new-image",
  "regressed",
  "raised",
  "news",
  "fixed",
  "withdrawn",
  "gone",
  "scan-missing",
  "not-read",
  "first-read",
];
/** Classes of which the first line says how many are severe. */
const weighed: readonly ChangeKind[] = ["new", "new-image", "regressed", "raised"];

/** `12 new findings (3 High), 40 fixed since 23 Nov 08:00 · 2 images rebuilt`: the answer in one line. */
export function digestHeadline(digest: RescanDigest, language: Language): Sentence {
  const words = say(language);
  const { before, open, suspicious, filtered } = digest;
  const count = sumOf(open);
  const number = formatNumber(count, language);
  if (suspicious?.shrunk && before) {
    const [was, now] = [suspicious.before, suspicious.now].map((value) => formatNumber(value, language));
    return words.rich("shrunk", { time: { time: before.slot }, before: was!, now: now! });
  }
  if (!before) return words("baseline", { count, number });
  const time = { time: before.slot };
  if (isQuiet(digest)) return words.rich(filtered ? "filtered" : "quiet", { time, count, number });
  const changes = said.flatMap((kind) => phrase(kind, digest, language)).join(listComma[language]);
  const images = imagesText(digest, language);
  return words.rich("changed", {
    changes: changes || words("none"),
    time,
    images,
  });
}

const listComma: Record<Language, string> = { en: ", ", ja: "、" };

function phrase(kind: ChangeKind, { counts, newImages }: RescanDigest, language: Language): string[] {
  const words = say(language);
  const count = sumOf(counts[kind]);
  if (count === 0) return [];
  const worst = weighed.includes(kind) ? severeText(counts[kind], language) : "";
  const images = words("images", { count: newImages });
  return [words(kind, { count, number: formatNumber(count, language), worst, images })];
}

/** ` (1 Critical, 3 High)`; "" where there is neither. */
function severeText(counts: SeverityCounts | undefined, language: Language): string {
  const severe = severityCounts({ critical: counts?.critical, high: counts?.high }, language);
  return severe ? ` (${severe})` : "";
}

function imagesText({ rebuilt, counts, newImages, goneImages }: RescanDigest, language: Language): string {
  const words = say(language);
  return [
    rebuilt.length > 0 ? words("rebuilt", { count: rebuilt.length }) : "",
    // Where they brought or took findings, these say so.
    newImages > 0 && sumOf(counts["new-image"]) === 0 ? words("empty", { count: newImages }) : "",
    goneImages > 0 ? words("deleted", { count: goneImages }) : "",
  ].join("");
}
