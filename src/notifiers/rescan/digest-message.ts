import type { RenderContext } from "../../definitions/notifier.ts";
import type { RescanDigest } from "../../domain/findings/digest/delta.ts";
import { isReadWhole } from "../../domain/findings/model/completeness.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { scanLines } from "../../message/findings/artifact.ts";
import { modelNames, sumOf, trendChart } from "../../message/findings/finding.ts";
import { commandLine } from "../../message/line.ts";
import type { Action, Message, Part } from "../../message/message.ts";
import { changesFile } from "./changes-file.ts";
import { classFacts, openFact } from "./class-facts.ts";
import { digestHeadline } from "./headline.ts";
import { placeParts, rebuiltParts } from "./places.ts";
import { isQuiet } from "./quiet.ts";
import { readingMessage } from "./reading-message.ts";
import { worstTable } from "./worst-table.ts";

const say = sentences({
  en: {
    shrunk:
      "Check whether the plan or an extension was turned off, Breakwater's role was removed, or images were really deleted. The next digest compares with the last plausible scan. A result that stays the same for three scans in a row is accepted.",
    silent: "Returned no rows but had findings before: {{models}}. None of these findings count as fixed.",
    filtered: "Only what matches this channel's filters.",
    learned_one:
      "CVE details can be read now. Severity and exploit data of {{number}} CVE was added; this isn't reported as a change.",
    learned_other:
      "CVE details can be read now. Severity and exploit data of {{number}} CVEs were added; this isn't reported as a change.",
    open: "Open findings",
    fixable: "Running and fixable",
    affected: "Show what is affected by …",
    doctor: "Run doctor",
  },
  ja: {
    shrunk:
      "プランや拡張機能が無効になっていないか、ボットのロールが外れていないか、イメージが実際に削除されたのかを確認してください。次回の差分は、信頼できる最後のスキャンと比較します。3 回続けて同じ結果になった時点で、それを正とします。",
    silent:
      "以前は検出結果があったのに、何も返りませんでした: {{models}}。これらは修正済みとして扱いません。",
    filtered: "このチャンネルの絞り込みに合うものだけです。",
    learned_other:
      "CVE の詳細を読み取れるようになり、{{number}} 件の CVE の重大度とエクスプロイト情報が判明しました。変化としては通知しません。",
    open: "未対応の検出結果",
    fixable: "実行中で修正可能",
    affected: "影響範囲を表示…",
    doctor: "doctor を実行",
  },
});

/** The digest of one slot: the answer in its first line, one line only where nothing changed. */
export function digestMessage(digest: RescanDigest, { language }: RenderContext): Message {
  const { suspicious } = digest;
  const headline = digestHeadline(digest, language);
  const thread = [readingMessage(digest, language)];
  if (suspicious?.shrunk) {
    const why: Part[] = [{ sentence: say(language)("shrunk") }, ...silentPart(digest, language)];
    const actions: Part = { actions: [{ label: say(language)("doctor"), line: "doctor" }] };
    return { headline, tone: "warning", parts: [...why, actions, ...readParts(digest, language)], thread };
  }
  if (!digest.before) return { headline, tone: "neutral", parts: baselineParts(digest, language), thread };
  if (isQuiet(digest)) {
    // One line, but for what could not be read.
    const lines = isWhole(digest) ? [] : readParts(digest, language);
    const parts = [...silentPart(digest, language), ...lines, ...learnedPart(digest, language)];
    return { headline, tone: toneOf(digest), parts, thread };
  }
  return { headline, tone: toneOf(digest), parts: changeParts(digest, language), thread };
}

function baselineParts(digest: RescanDigest, language: Language): Part[] {
  return [
    { facts: [openFact(digest, language)] },
    ...silentPart(digest, language),
    ...placeParts(digest, language),
    ...fileParts(digest, language),
    { actions: ways(digest, language) },
    ...readParts(digest, language),
  ];
}

function changeParts(digest: RescanDigest, language: Language): Part[] {
  const chart = trendChart(digest.trend, language);
  return [
    { facts: [...classFacts(digest, language), openFact(digest, language)] },
    ...silentPart(digest, language),
    ...learnedPart(digest, language),
    ...rebuiltParts(digest, language),
    ...placeParts(digest, language),
    ...worstTable(digest, language),
    ...(chart ? [chart] : []),
    ...fileParts(digest, language),
    { actions: ways(digest, language) },
    ...readParts(digest, language),
  ];
}

function fileParts(digest: RescanDigest, language: Language): Part[] {
  return digest.changes.rows > 0 ? changesFile(digest, language) : [];
}

function silentPart({ suspicious }: RescanDigest, language: Language): Part[] {
  const models = suspicious?.silent ?? [];
  return models.length > 0
    ? [{ sentence: say(language)("silent", { models: modelNames(models, language) }) }]
    : [];
}

/** Why a day brings severities, and no change: from now on they are compared. */
function learnedPart({ learned = 0 }: RescanDigest, language: Language): Part[] {
  const number = formatNumber(learned, language);
  return learned > 0 ? [{ note: say(language)("learned", { count: learned, number }) }] : [];
}

/** As of when, from how many subscriptions, what was not read, and that the channel sees a part. */
function readParts({ head, unread, filtered }: RescanDigest, language: Language): Part[] {
  // Models that fell silent are said above.
  const models = head.models.filter(({ silent }) => !silent);
  const said = scanLines({ ...head, unread, models }, language);
  return filtered ? [{ note: say(language)("filtered") }, ...said] : said;
}

/** The ways down: what is open, what can be done at once, and who else has the worst. */
function ways({ worst }: RescanDigest, language: Language): Action[] {
  const words = say(language);
  const cves = [...new Set(worst.map(({ vulnerability }) => vulnerability.id))]
    .filter((id) => /^CVE-\d{4}-\d{4,}$/i.test(id))
    .slice(0, 20);
  const options = cves.map((id) => ({ label: id, line: commandLine(["vulnerabilities", id]) }));
  return [
    { label: words("open"), line: "vulnerabilities" },
    { label: words("fixable"), line: commandLine(["vulnerabilities"], { running: true, fixable: true }) },
    ...(options.length > 0 ? [{ label: words("affected"), menu: "select" as const, options }] : []),
  ];
}

const isWhole = ({ head, unread }: RescanDigest) => isReadWhole({ ...head, unread });

/** Good only where something was scanned that passes the filters, and all of it was read. */
function toneOf(digest: RescanDigest): Message["tone"] {
  const { counts } = digest;
  const fresh = [counts.new, counts["new-image"], counts.raised, counts.regressed];
  if (fresh.some((one) => (one?.critical ?? 0) + (one?.high ?? 0) > 0)) return "bad";
  const worse = [...fresh, counts.news, counts["not-read"], counts["scan-missing"]];
  if (worse.some((one) => sumOf(one) > 0) || !isWhole(digest)) return "warning";
  return digest.head.artifacts > 0 && (!digest.filtered || digest.places.length > 0) ? "good" : "neutral";
}
