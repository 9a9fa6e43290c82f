import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { ofChannels, type TroubleEvent, troubleKinds } from "../domain/trouble.ts";
import { formatDuration, formatItems } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Inline, Message } from "../message/message.ts";
import { kindWord } from "../message/stored-kinds.ts";
import { troubleFix } from "../message/trouble.ts";
import { isDirectMessage } from "../text/direct-message.ts";

const say = sentences({
  en: {
    azure: "Can't reach Azure: new alerts are delayed",
    findings: "Can't read vulnerability findings: their digest is delayed",
    subscription: "Can't read subscription {{name}}: its alerts are delayed",
    channel: "Can't post to {{name}}: its notifications are delayed",
    held: "Slack rejected a notification for {{name}}: it's on hold",
    files: "Can't share files in {{name}}: a line replaces them",
    unverified:
      "Can't read the history of {{name}}: if a response from Slack is lost, a message may appear twice",
    signatures: "Requests from {{name}} are rejected: commands and buttons don't work",
    unplaced: "Azure's answers may have changed ({{name}}): some rows can't be read as documented",
    "field-vanished": "Azure's answers may have changed ({{name}}): the field is gone from every row",
    stored: "Unreadable data in Redis ({{name}}): not used; everything else keeps working",
    job: "Job {{name}} failed three times in a row",
    unwritable: "Can't write to {{name}}: alerts are delayed, commands and buttons are refused",
    "azure-ended": "Azure is reachable again after {{after}}. Nothing was skipped",
    "findings-ended": "Vulnerability findings can be read again after {{after}}. The digest follows",
    "subscription-ended": "Subscription {{name}} can be read again after {{after}}",
    "channel-ended": "Posting to {{name}} works again after {{after}}. Delayed notifications follow",
    "held-ended": "A notification for {{name}} is no longer on hold",
    "files-ended": "Files can be shared in {{name}} again",
    "unverified-ended": "The history of {{name}} can be read again",
    "signatures-ended": "Requests from {{name}} are accepted again",
    "unplaced-ended": "Rows can be read as documented again ({{name}})",
    "field-vanished-ended": "The field is back ({{name}})",
    "stored-ended": "No unreadable data left in Redis ({{name}})",
    "job-ended": "Job {{name}} works again after {{after}}",
    "unwritable-ended": "Writing to {{name}} works again after {{after}}. Delayed notifications follow",
    since: "Since {{since}}: {{detail}}",
    open_one: "{{count}} new problem",
    open_other: "{{count}} new problems",
    ended_one: "{{count}} resolved",
    ended_other: "{{count}} resolved",
    doctor: "Run doctor",
  },
  ja: {
    azure: "Azure に接続できません。新しいアラートの通知が遅れます",
    findings: "脆弱性の検出結果を読み取れません。まとめの投稿が遅れます",
    subscription: "サブスクリプション {{name}} を読み取れません。アラートの通知が遅れます",
    channel: "チャンネル {{name}} に投稿できません。通知は保留されています",
    held: "Slack が {{name}} への通知をどの形式でも拒否しました。別に保管しています",
    files: "{{name}} でファイルを共有できません。ファイルの代わりにその旨を投稿します",
    unverified: "{{name}} の履歴を読み取れません。応答が失われた場合、メッセージが重複することがあります",
    signatures: "{{name}} からの要求を拒否しています。コマンドとボタンは動作しません",
    unplaced: "Azure の応答形式が変わった可能性があります ({{name}})。一部の行を仕様どおりに読み取れません",
    "field-vanished":
      "Azure の応答形式が変わった可能性があります ({{name}})。すべての行からフィールドがなくなりました",
    stored: "Redis に読み取れないデータがあります ({{name}})。使用せずに、ほかの処理を継続しています",
    job: "ジョブ {{name}} が 3 回続けて失敗しました",
    unwritable: "{{name}} に書き込めません。アラートの通知は保留され、コマンドとボタンは拒否されます",
    "azure-ended": "Azure の読み取りが {{after}}ぶりに回復しました。取りこぼしはありません",
    "findings-ended": "脆弱性の検出結果の読み取りが {{after}}ぶりに回復しました。続けてまとめを投稿します",
    "subscription-ended": "サブスクリプション {{name}} の読み取りが {{after}}ぶりに回復しました",
    "channel-ended": "チャンネル {{name}} への投稿が {{after}}ぶりに回復しました。保留分を送信します",
    "held-ended": "{{name}} への通知の保管を解除しました",
    "files-ended": "{{name}} でファイルを再び共有できるようになりました",
    "unverified-ended": "{{name}} の履歴を再び読み取れるようになりました",
    "signatures-ended": "{{name}} からの要求を再び受け付けています",
    "unplaced-ended": "再び仕様どおりに読み取れるようになりました ({{name}})",
    "field-vanished-ended": "フィールドが再び返されるようになりました ({{name}})",
    "stored-ended": "Redis に読み取れないデータはなくなりました ({{name}})",
    "job-ended": "ジョブ {{name}} が {{after}}ぶりに回復しました",
    "unwritable-ended": "{{name}} への書き込みが {{after}}ぶりに回復しました。保留分を送信します",
    since: "{{since}} から: {{detail}}",
    open_other: "新しい問題 {{count}} 件",
    ended_other: "解消 {{count}} 件",
    doctor: "doctor を実行",
  },
});

const event = z.object({
  what: z.string(),
  kind: z.enum(troubleKinds),
  name: z.string(),
  detail: z.string(),
  command: z.string().optional(),
  since: z.string(),
  /** Set where it works again. */
  ended: z.string().optional(),
});

export default notifier<TroubleEvent>({
  texts: {
    en: { summary: "A problem, reported once to the people who can fix it, and again when it's resolved" },
    ja: { summary: "障害の通知。対処できる人に 1 回だけ知らせ、回復したらもう 1 回知らせる" },
  },
  topic: "admin",
  event,
  filters: [],
  // Its end is a message of its own: an edited message notifies no one.
  key: ({ what, since, ended }) => `${what}|${since}|${ended ? "ended" : "open"}`,
  at: ({ since, ended }) => ended ?? since,
  // A role that is lost may be that of hundreds of subscriptions.
  bundle: {
    over: 5,
    render: (events, { language }) => manyMessage(events, language),
    joined: ([event], { language }) => troubleMessage(event!, language),
  },
  render: (event, { language }) => troubleMessage(event, language),
});

function troubleMessage(event: TroubleEvent, language: Language): Message {
  const { kind, name, detail, command, since, ended } = event;
  const words = say(language);
  const headline = headlineOf(event, language);
  if (ended) return { headline, tone: "good", parts: [] };
  // Slack names a private channel to its members only.
  const said = isOfChannel(event) ? `${detail} (${name})` : detail;
  return {
    headline,
    tone: "bad",
    parts: [
      { sentence: words.rich("since", { since: { time: since }, detail: said }) },
      ...(command ? [{ sentence: { code: command } }] : []),
      { note: troubleFix(kind, language) },
      { actions: [{ label: words("doctor"), line: "doctor" }] },
    ],
  };
}

function manyMessage(events: readonly TroubleEvent[], language: Language): Message {
  const words = say(language);
  const open = events.filter(({ ended }) => !ended).length;
  const counts = { open, ended: events.length - open };
  const said = (["open", "ended"] as const).flatMap((key) =>
    counts[key] > 0 ? [words(key, { count: counts[key] })] : [],
  );
  return {
    headline: formatItems(said, language),
    tone: open > 0 ? "bad" : "good",
    parts: [
      { list: events.map((event) => headlineOf(event, language)) },
      { actions: [{ label: words("doctor"), line: "doctor" }] },
    ],
  };
}

function headlineOf(event: TroubleEvent, language: Language): Inline[] {
  const { kind, name: called, since, ended } = event;
  const words = say(language);
  const word = kind === "stored" ? kindWord(called, language) : called;
  const name = isOfChannel(event) ? { channel: called } : word;
  if (!ended) return words.rich(kind, { name });
  const after = formatDuration(Date.parse(ended) - Date.parse(since), language);
  return words.rich(`${kind}-ended`, { name, after });
}

function isOfChannel({ kind, name }: TroubleEvent): boolean {
  return ofChannels.includes(kind) && !isDirectMessage(name);
}
