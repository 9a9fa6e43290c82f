import { type Check, failed, problemsOf } from "../../domain/check.ts";
import { formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { kindWord } from "../../message/stored-kinds.ts";
import { troubleFix } from "../../message/trouble.ts";
import type { Quarantined } from "../../ports/store.ts";
import { accessChecks } from "./access-checks.ts";
import { clusterChecks } from "./cluster-checks.ts";
import type { ChannelDepth, ChannelHealth, Examination, PollReading, Seen } from "./examine.ts";
import { memoryChecks } from "./memory-check.ts";
import { scanChecks } from "./scan-checks.ts";
import { scheduleChecks } from "./schedule-checks.ts";
import { scopeChecks } from "./scope-checks.ts";

const say = sentences({
  en: {
    slack: "Slack",
    azure: "Azure",
    scan: "Findings scan",
    feed: "Alert polling",
    outbox: "Outbox {{channel}}",
    outboxes: "Outbox",
    queue: "Queue",
    schedules: "Schedules",
    channel: "Channel {{name}}",
    channels: "Subscribed channels",
    scopes: "Subscription scopes",
    trouble: "Open problem: {{what}}",
    troubles: "Open problems",
    clusters: "Clusters for simulations",
    memory: "Storage (Redis)",
    unreadable: "Unreadable data in Redis: {{kind}}",
    "unreadable-at": "{{place}} ({{why}}), quarantined",
    newer: "{{place}} was written by a newer version of Breakwater ({{why}}); kept but not used",
    "never-polled": "no poll finished yet",
    "never-polled-fix":
      "Wait for the next run of schedules.alerts. If nothing changes, check the log of a process with BREAKWATER_ROLE all or worker.",
    "poll-failing_one": "the last poll failed",
    "poll-failing_other": "the last {{count}} polls failed",
    "poll-failing-fix": "See the Azure checks above. Nothing is lost: polling continues where it stopped.",
    unread: "couldn't be read: {{names}}",
    "unread-fix": "See the Azure checks above.",
    paused: "paused, {{count}} waiting: {{reason}}",
    "paused-fix": "Fix the channel (invite Breakwater, or unarchive it). Delivery then resumes.",
    held_one: "{{count}} notification rejected by Slack",
    held_other: "{{count}} notifications rejected by Slack",
    "held-fix": "Look for “held” in the log: Slack's response is there. Report it as an issue of Breakwater.",
    open: "not a member, posts all the same (chat:write.public); a message whose answer is lost may appear twice",
    absent: "Breakwater isn't a member",
    "absent-fix": "/invite @Breakwater in the channel",
    archived: "archived",
    "archived-fix":
      "Unarchive it; then run /defender unsubscribe there if it isn't needed. If it's in breakwater.yaml, remove it there",
    "failed-jobs_one": "{{count}} job failed in the last day",
    "failed-jobs_other": "{{count}} jobs failed in the last day",
    "failed-jobs-fix": "Look for “job failed” in the log.",
    "unseen-fix": "Run /defender doctor again in a minute. If this stays, look for errors in the log.",
  },
  ja: {
    slack: "Slack",
    azure: "Azure",
    scan: "検出結果のスキャン",
    feed: "アラートの取得",
    outbox: "送信待ち {{channel}}",
    outboxes: "送信待ち",
    queue: "キュー",
    schedules: "スケジュール",
    channel: "チャンネル {{name}}",
    channels: "購読中のチャンネル",
    scopes: "購読の範囲",
    trouble: "未解決の問題: {{what}}",
    troubles: "未解決の問題",
    clusters: "シミュレーション対象のクラスター",
    memory: "データ ストア (Redis)",
    unreadable: "Redis に読み取れないデータ: {{kind}}",
    "unreadable-at": "{{place}} ({{why}})。隔離済み",
    newer:
      "{{place}} は新しいバージョンのボットが書き込んだものです ({{why}})。使用せず、そのまま残しています",
    "never-polled": "まだ一度も取得が完了していません",
    "never-polled-fix":
      "schedules.alerts の次の実行を待ってください。変わらない場合は、BREAKWATER_ROLE が all または worker のプロセスのログを確認してください。",
    "poll-failing_other": "直近 {{count}} 回の取得に失敗しました",
    "poll-failing-fix":
      "上の Azure の確認結果を見てください。失われるものはなく、止まったところから再開します。",
    unread: "読み取れなかったもの: {{names}}",
    "unread-fix": "上の Azure の確認結果を見てください。",
    paused: "一時停止中、待ち {{count}} 件: {{reason}}",
    "paused-fix":
      "チャンネルの問題を解消してください (ボットを招待する、アーカイブを解除する)。送信は自動で再開します。",
    held_other: "Slack がどの形式でも受け付けない通知が {{count}} 件",
    "held-fix": "ログで「held」を探し、Slack の応答を添えて開発元に知らせてください。",
    open: "ボットは参加していませんが、投稿できます (chat:write.public)。応答が失われたメッセージは二重になることがあります",
    absent: "ボットが参加していません",
    "absent-fix": "チャンネルで /invite @Breakwater",
    archived: "アーカイブされています",
    "archived-fix":
      "アーカイブを解除し、不要な場合はそこで /defender unsubscribe。breakwater.yaml に書かれている場合はそこから削除",
    "failed-jobs_other": "直近 1 日に失敗したジョブが {{count}} 件",
    "failed-jobs-fix": "ログで「job failed」を探してください。",
    "unseen-fix":
      "1 分ほどおいて /defender doctor をもう一度実行してください。変わらない場合は、ログのエラーを確認してください。",
  },
});

type Words = ReturnType<typeof say>;
const mostNamed = 10;

/** Every check in order of dependency; each problem with the line that fixes it. */
export function findings(seen: Examination, now: string, language: Language): Check[] {
  const words = say(language);
  const each = <T>(seen: Seen<T>, name: string, checks: (value: T) => Check[]): Check[] =>
    "failed" in seen
      ? [{ name, state: "unknown", said: seen.failed, fix: words("unseen-fix") }]
      : checks(seen.value);
  return [
    ...each(seen.slack, words("slack"), (checks) => checks),
    ...each(seen.azure, words("azure"), (checks) => checks),
    ...each(seen.durability, words("memory"), (durability) =>
      memoryChecks(durability, seen.written, language),
    ),
    ...each(seen.reading, words("feed"), (reading) => feed(reading, words)),
    ...each(seen.scan, words("scan"), (scan) => scanChecks(scan, now, language)),
    ...each(seen.clusters, words("clusters"), (clusters) => clusterChecks(clusters, language)),
    ...each(seen.depth, words("outboxes"), (depth) => outboxes(depth, words)),
    ...each(seen.queue, words("queue"), (counts) => queue(counts, words)),
    ...each(seen.late, words("schedules"), (late) => scheduleChecks(late, now, language)),
    ...each(seen.channels, words("channels"), (channels) =>
      channels.flatMap(({ channel, seen: one }) =>
        each(one, words("channel", { name: channel }), (health) => [channelCheck(health, words)]),
      ),
    ),
    ...each(seen.scopes, words("scopes"), (scopes) => scopeChecks(scopes, language)),
    ...each(seen.troubles, words("troubles"), (troubles) =>
      troubles
        .filter(({ kind }) => kind !== "stored")
        .map(({ kind, name, what, detail }) =>
          failed(words("trouble", { what: name || what }), detail, troubleFix(kind, language)),
        ),
    ),
    ...each(seen.unreadable, words("memory"), (values) => unreadable(values, words)),
    ...accessChecks(seen.access, approvalsFor(seen), language),
  ];
}

/** For what approvers are needed here: simulations that may run somewhere, and an optional role that is assigned. */
function approvalsFor({ clusters, azure }: Examination) {
  const changes = "value" in azure && azure.value.some((one) => one.state === "ok" && one.approvals);
  return { simulations: "value" in clusters && clusters.value !== undefined, changes };
}

/** That no poll ran at all is said by its schedule. */
function feed(reading: PollReading, words: Words): Check[] {
  const name = words("feed");
  if (!reading)
    return [{ name, state: "unknown", said: words("never-polled"), fix: words("never-polled-fix") }];
  const unread = reading.unread.map((one) => one.name || one.id);
  const names = formatSome(unread, mostNamed, words.language);
  return problemsOf(name, [
    reading.ok
      ? undefined
      : failed(name, words("poll-failing", { count: reading.failures }), words("poll-failing-fix")),
    names ? failed(name, words("unread", { names }), words("unread-fix")) : undefined,
  ]);
}

function outboxes(depth: readonly ChannelDepth[], words: Words): Check[] {
  const problems = depth.flatMap(({ channel, waiting, paused, held }) => {
    const name = words("outbox", { channel });
    return [
      paused
        ? failed(name, words("paused", { count: waiting, reason: paused }), words("paused-fix"))
        : undefined,
      held > 0 ? failed(name, words("held", { count: held }), words("held-fix")) : undefined,
    ];
  });
  return problemsOf(words("outboxes"), problems);
}

/** Each stored value that could not be read, with the command that removes it. */
function unreadable(values: readonly Quarantined[], words: Words): Check[] {
  return values.map(({ kind, key, field, why, newer, remove }) => {
    const name = words("unreadable", { kind: kindWord(kind, words.language) });
    const place = field === undefined ? key : `${key} ${field}`;
    return failed(name, words(newer === undefined ? "unreadable-at" : "newer", { place, why }), remove);
  });
}

function queue(counts: Record<string, number>, words: Words): Check[] {
  const count = counts.failed ?? 0;
  const problem = failed(words("queue"), words("failed-jobs", { count }), words("failed-jobs-fix"));
  return problemsOf(words("queue"), [count > 0 ? problem : undefined]);
}

function channelCheck({ name, state }: ChannelHealth, words: Words): Check {
  const label = words("channel", { name });
  if (state === "ok" || state === "open")
    return { name: label, state: "ok", said: state === "open" ? words(state) : "" };
  return failed(label, words(state), words(`${state}-fix`));
}
