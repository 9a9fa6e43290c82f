import { type Check, failed, problemsOf } from "../../domain/check.ts";
import type { DayCount, SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import { formatDuration, formatNumber, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { modelLines, modelText } from "../../message/findings/finding.ts";
import type { Sentence } from "../../message/message.ts";
import type { HeldScan } from "../../ports/findings.ts";

const say = sentences({
  en: {
    scan: "Findings scan",
    last: "Last scan",
    "last-value": "{{time}}: {{findings}} findings in {{artifacts}} images and node pools",
    none: "none yet; scheduled at {{cron}} ({{timezone}})",
    models: "Findings sources",
    old: "last scan {{age}} ago; before that, they were {{interval}} apart",
    "old-fix":
      "Make sure a process with BREAKWATER_ROLE all or worker is running, and look for “job failed” in its log.",
    "model-fix": "See the Azure checks above. Until it answers, its last known findings are shown.",
    "silent-fix":
      "Check in Defender for Cloud whether it still reports findings. None of them count as fixed.",
    held_one:
      "far fewer findings ({{before}} → {{now}}) without an error, in {{count}} scan: not accepted yet",
    held_other:
      "far fewer findings ({{before}} → {{now}}) without an error, in {{count}} scans in a row: not accepted yet",
    "held-fix":
      "Check the plan, its extensions and Breakwater's role. The numbers are accepted after three scans in a row.",
    untagged: "couldn't read tags: {{names}}; images there are compared by push time",
    "untagged-fix":
      "Give Breakwater's identity AcrPull on these registries (Container Registry Repository Reader in ABAC mode), and a network path to them.",
    unread: "couldn't be read: {{names}}",
    "unread-fix": "See the Azure checks above. Until then, the last known findings there are shown.",
  },
  ja: {
    scan: "検出結果のスキャン",
    last: "最後のスキャン",
    "last-value": "{{time}}: イメージとノード プール {{artifacts}} 個に検出結果 {{findings}} 件",
    none: "まだ読み取っていません。予定は {{cron}} ({{timezone}})",
    models: "検出結果の取得元",
    old: "最後のスキャンは {{age}}前で、その前との間隔は {{interval}}でした",
    "old-fix":
      "BREAKWATER_ROLE が all または worker のプロセスが動いているか確認し、ログで「job failed」を探してください。",
    "model-fix": "上の Azure の確認結果を見てください。応答が戻るまで、以前の内容を表示します。",
    "silent-fix":
      "Defender for Cloud に検出結果が残っているか確認してください。この取得元の分は修正済みとして扱いません。",
    held_other:
      "検出結果が大幅に減りました ({{before}} → {{now}})。エラーはなく、{{count}} 回連続ですが採用していません",
    "held-fix":
      "プラン、拡張機能、ボットのロールを確認してください。3 回続けて同じ結果になった時点で採用します。",
    untagged: "タグを読み取れません: {{names}}。プッシュ日時で比較しています",
    "untagged-fix":
      "ボットの ID にこれらのレジストリの AcrPull (ABAC モードでは Container Registry Repository Reader) を付与し、ネットワーク経路を確保してください。",
    unread: "読み取れなかったもの: {{names}}",
    "unread-fix": "上の Azure の確認結果を見てください。それまでは以前の内容を表示します。",
  },
});

/** What is known of the scans: the last complete one, one that is not believed yet, and when each was. */
export type ScanState = { head?: SnapshotHead; held?: HeldScan; days: DayCount[] };

/** A scan later than so many of the last intervals is missing. */
const intervalsTooLate = 2.5;

/** What is wrong with the scans, each with the line that fixes it; one check that passed where nothing is. */
export function scanChecks({ head, held, days }: ScanState, now: string, language: Language): Check[] {
  const words = say(language);
  const name = words("scan");
  if (!head) return [];
  const problem = (said: string, fix: string) => failed(name, said, fix);
  const names = (all: readonly string[]) => formatSome(all, 10, language);
  const unread = head.unread.map((one) => one.name || one.id);
  const [before, last] = days.slice(-2).map(({ slot }) => Date.parse(slot));
  const interval = last === undefined || before === undefined ? Number.POSITIVE_INFINITY : last - before;
  const age = Date.parse(now) - Date.parse(head.slot);
  const late = {
    age: formatDuration(age, language),
    interval: Number.isFinite(interval) ? formatDuration(interval, language) : "",
  };
  return problemsOf(name, [
    age > intervalsTooLate * interval ? problem(words("old", late), words("old-fix")) : undefined,
    held ? problem(words("held", heldValues(held, language)), words("held-fix")) : undefined,
    ...head.models.map((model) => {
      if (!model.error && !model.silent) return undefined;
      const said = modelText(model, language);
      return problem(said, words(model.error ? "model-fix" : "silent-fix"));
    }),
    head.untagged.length > 0
      ? problem(words("untagged", { names: names(head.untagged) }), words("untagged-fix"))
      : undefined,
    unread.length > 0 ? problem(words("unread", { names: names(unread) }), words("unread-fix")) : undefined,
  ]);
}

function heldValues({ before, now, scans }: HeldScan, language: Language) {
  return { count: scans, before: formatNumber(before, language), now: formatNumber(now, language) };
}

/** When the last scan was and what it had, and how each model answered. */
export function scanFacts(
  { head }: ScanState,
  { rescan, timezone }: { rescan: string; timezone: string },
  language: Language,
): [string, Sentence][] {
  const words = say(language);
  if (!head) return [[words("last"), words("none", { cron: rescan, timezone })]];
  const values = {
    time: { time: head.asOf },
    findings: formatNumber(head.findings, language),
    artifacts: formatNumber(head.artifacts, language),
  };
  const models = modelLines(head.models, language);
  return [
    [words("last"), words.rich("last-value", values)],
    [words("models"), models.join("; ") || "–"],
  ];
}
