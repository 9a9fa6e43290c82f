import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { type TroubleEvent, troubleKinds } from "../domain/trouble.ts";
import { formatDuration } from "../locales/format.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { kindWord } from "../message/stored-kinds.ts";

const say = sentences({
  en: {
    azure: "Azure cannot be read: new alerts are not seen until it answers again",
    subscription: "Subscription {{name}} cannot be read: its alerts are not seen",
    channel: "Channel {{name}} cannot be posted to: its notifications wait",
    held: "Slack refused a notification for {{name}} in every form: it is kept apart",
    files: "Files cannot be shared in {{name}}: a line stands in their place",
    unverified: "The history of {{name}} cannot be read: after a lost answer a message may appear twice",
    signatures: "{{name}}'s requests are refused: commands and buttons don't work",
    unplaced: "Azure's answers may have changed ({{name}}): some rows can't be read as documented",
    "field-vanished": "Azure's answers may have changed ({{name}}): the field is gone from every row",
    stored: "Unreadable data in Redis ({{name}}): not used; everything else keeps working",
    job: "The job {{name}} failed three times in a row",
    unwritable: "{{name}} can't be written: alerts, commands and buttons wait or are refused",
    "azure-ended": "Azure can be read again, after {{after}}: nothing was skipped",
    "subscription-ended": "Subscription {{name}} can be read again, after {{after}}",
    "channel-ended": "Channel {{name}} can be posted to again, after {{after}}: what waited follows",
    "held-ended": "A notification for {{name}} is no longer held",
    "files-ended": "Files can be shared in {{name}} again",
    "unverified-ended": "The history of {{name}} can be read again",
    "signatures-ended": "{{name}}'s requests are accepted again",
    "unplaced-ended": "Rows can be read as documented again ({{name}})",
    "field-vanished-ended": "The field is back ({{name}})",
    "stored-ended": "No unreadable data left in Redis ({{name}})",
    "job-ended": "The job {{name}} works again, after {{after}}",
    "unwritable-ended": "{{name}} can be written again, after {{after}}: what waited follows",
    since: "Since {{since}}: {{detail}}",
    "azure-mend": "Check the credential, the network and Azure's own status.",
    "subscription-mend": "Check that the bot's identity still has its role there.",
    "channel-mend":
      "Invite the bot (/invite @Breakwater), unarchive the channel, or unsubscribe it. Tried every minute.",
    "held-mend": "The log has the answer of Slack.",
    "files-mend":
      "Invite the bot to the channel, grant files:write, or allow files in the workspace's settings.",
    "unverified-mend": "Invite the bot to the channel, or grant channels:history and groups:history.",
    "signatures-mend":
      "Copy the Signing Secret from the app's Basic Information page into SLACK_SIGNING_SECRET, and check the clock of the machine.",
    "unplaced-mend":
      "Some data is incomplete until the reader is updated. Where each field is read from: docs/reference/readers.md",
    "field-vanished-mend":
      "Some data is incomplete until the reader is updated. Where each field is read from: docs/reference/readers.md",
    "stored-mend":
      "Doctor lists each value with the command that deletes it. Quarantined values expire after 30 days.",
    "job-mend": "It's tried again on its schedule. Look for “job failed” in the log.",
    "unwritable-mend":
      "OOM: raise maxmemory or free memory (doctor lists what is stored). READONLY or MISCONF: check the replica role and the disk. See docs/operations.md, Redis.",
    doctor: "Run doctor",
  },
  ja: {
    azure: "Azure を読み取れません。応答が戻るまで新しいアラートを検出できません",
    subscription: "サブスクリプション {{name}} を読み取れません。そのアラートを検出できません",
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
    "azure-mend": "資格情報、ネットワーク、Azure の稼働状況を確認してください。",
    "subscription-mend": "ボットの ID にロールが割り当てられているか確認してください。",
    "channel-mend":
      "ボットを招待する (/invite @Breakwater)、アーカイブを解除する、または購読を解除してください。毎分再試行します。",
    "held-mend": "Slack の応答はログにあります。",
    "files-mend":
      "ボットをチャンネルに招待する、files:write を付与する、またはワークスペースの設定でファイルを許可してください。",
    "unverified-mend":
      "ボットをチャンネルに招待するか、channels:history と groups:history を付与してください。",
    "signatures-mend":
      "アプリの Basic Information ページの Signing Secret を SLACK_SIGNING_SECRET に設定し、マシンの時刻を確認してください。",
    "unplaced-mend":
      "対応版に更新するまで、一部のデータが欠けます。各フィールドの読み取り元: docs/reference/readers.ja.md",
    "field-vanished-mend":
      "対応版に更新するまで、一部のデータが欠けます。各フィールドの読み取り元: docs/reference/readers.ja.md",
    "stored-mend": "doctor で各値とその削除コマンドを確認できます。隔離した値は 30 日後に削除されます。",
    "job-mend": "次の予定時刻に再試行します。ログで「job failed」を探してください。",
    "unwritable-mend":
      "OOM の場合は maxmemory を増やすか、メモリを空けてください (内訳は doctor で確認できます)。READONLY、MISCONF の場合はレプリカの役割とディスクを確認してください。docs/operations.md の Redis を参照。",
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
    en: { summary: "Trouble, told once to those who can mend it, and told again when it works" },
    ja: { summary: "障害の通知。対処できる人に 1 回だけ知らせ、回復したらもう 1 回知らせる" },
  },
  topic: "admin",
  event,
  filters: [],
  // Its end is a message of its own: an edited message notifies nobody.
  key: ({ what, since, ended }) => `${what}|${since}|${ended ? "ended" : "open"}`,
  at: ({ since, ended }) => ended ?? since,
  render({ kind, name: called, detail, command, since, ended }, { language }): Message {
    const words = say(language);
    const name = kind === "stored" ? kindWord(called, language) : called;
    if (ended) {
      const after = formatDuration(Date.parse(ended) - Date.parse(since), language);
      return { headline: words(`${kind}-ended`, { name, after }), tone: "good", parts: [] };
    }
    return {
      headline: words(kind, { name }),
      tone: "bad",
      parts: [
        { sentence: words.rich("since", { since: { time: since }, detail }) },
        ...(command ? [{ sentence: { code: command } }] : []),
        { note: words(`${kind}-mend`) },
        { actions: [{ label: words("doctor"), line: "doctor" }] },
      ],
    };
  },
});
