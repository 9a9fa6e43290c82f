import { type ChangeKind, changeKinds, type RescanDigest } from "../../domain/findings/digest/delta.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { changeWord, countedText, sumOf } from "../../message/findings/finding.ts";
import type { Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    "new-image_one": "{{counted}} · {{count}} image",
    "new-image_other": "{{counted}} · {{count}} images",
    gone_one: "{{counted}} · {{count}} image deleted or out of the rescan window",
    gone_other: "{{counted}} · {{count}} images deleted or out of the rescan window",
    withdrawn: "{{counted}} · no longer reported, or exempted: not fixed",
    "scan-missing": "{{counted}} · should have been scanned by now",
    "not-read": "{{counted}} · neither new nor fixed",
    "first-read": "{{counted}} · could not be read before, compared from now on",
    open: "Open now",
    closed: "{{counted}} · not counted, in the whole estate: {{exempted}} exempted, {{disabled}} disabled",
  },
  ja: {
    "new-image_other": "{{counted}} · イメージ {{count}} 個",
    gone_other: "{{counted}} · 削除または再スキャンの対象外になったイメージ {{count}} 個",
    withdrawn: "{{counted}} · 報告されなくなったか除外されたもの (修正済みではありません)",
    "scan-missing": "{{counted}} · 予定のスキャンが行われていません",
    "not-read": "{{counted}} · 新規とも修正済みとも扱いません",
    "first-read": "{{counted}} · 以前は読み取れなかった範囲です。比較は次回からです",
    open: "現在の未対応",
    closed: "{{counted}} · 環境全体で対象外: 除外 {{exempted}} 件、無効化 {{disabled}} 件",
  },
});

type Fact = [label: string, value: Sentence];

/** One line for each class that has anything, with its severities. */
export function classFacts(digest: RescanDigest, language: Language): Fact[] {
  return changeKinds
    .filter((kind) => sumOf(digest.counts[kind]) > 0)
    .map((kind): Fact => [changeWord(kind, language), classText(kind, digest, language)]);
}

/** Classes that say what they mean beside their number. */
const said = ["withdrawn", "scan-missing", "not-read", "first-read"] as const;
type Said = (typeof said)[number];

function classText(kind: ChangeKind, digest: RescanDigest, language: Language): string {
  const words = say(language);
  const counted = countedText(digest.counts[kind], language);
  if (kind === "new-image") return words(kind, { counted, count: digest.newImages });
  if (kind === "gone") return words(kind, { counted, count: digest.goneImages });
  return said.includes(kind as Said) ? words(kind as Said, { counted }) : counted;
}

/** What is open now, by severity; what an exemption or a disable rule keeps out is counted beside it. */
export function openFact({ open, head }: RescanDigest, language: Language): Fact {
  const words = say(language);
  const counted = countedText(open, language);
  const [exempted, disabled] = [head.exempted, head.disabled].map((count) => formatNumber(count, language));
  const closed = head.exempted + head.disabled > 0;
  return [
    words("open"),
    closed ? words("closed", { counted, exempted: exempted!, disabled: disabled! }) : counted,
  ];
}
