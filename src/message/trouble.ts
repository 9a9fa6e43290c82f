import type { TroubleKind } from "../domain/trouble.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";

const fixes = sentences({
  en: {
    azure: "Check the credential, the network and Azure's status page.",
    findings: "Check the permissions (doctor lists what's missing), the network and Azure's status page.",
    subscription: "Check that Breakwater's identity still has its role there.",
    channel: "Invite Breakwater (/invite @Breakwater), or unarchive the channel. Retried every minute.",
    held: "Look for “held” in the log: Slack's response is there.",
    files: "Invite Breakwater to the channel, grant files:write, or allow files in the workspace's settings.",
    unverified:
      "Invite Breakwater to the channel, or grant channels:history and groups:history (im:history for direct messages).",
    signatures:
      "Copy the Signing Secret from the app's Basic Information page into SLACK_SIGNING_SECRET, and check the machine's clock.",
    unplaced:
      "Some data is incomplete. Update Breakwater; if this stays, report it. Where each field is read from: docs/reference/readers.md",
    "field-vanished":
      "Some data is incomplete. Update Breakwater; if this stays, report it. Where each field is read from: docs/reference/readers.md",
    stored:
      "Doctor lists each value with the command that deletes it. Quarantined values expire after 30 days.",
    job: "It's tried again on its schedule. Look for “job failed” in the log.",
    unwritable:
      "OOM: raise maxmemory or free memory (doctor --verbose shows what uses it). READONLY or MISCONF: check the replica role and the disk. See docs/operations.md, Redis.",
  },
  ja: {
    azure: "資格情報、ネットワーク、Azure の稼働状況を確認してください。",
    findings: "権限 (doctor で不足を確認できます)、ネットワーク、Azure の稼働状況を確認してください。",
    subscription: "ボットの ID にロールが割り当てられているか確認してください。",
    channel: "ボットを招待する (/invite @Breakwater) か、アーカイブを解除してください。毎分再試行します。",
    held: "ログで「held」を探してください。Slack の応答が記録されています。",
    files:
      "ボットをチャンネルに招待する、files:write を付与する、またはワークスペースの設定でファイルを許可してください。",
    unverified:
      "ボットをチャンネルに招待するか、channels:history と groups:history (ダイレクト メッセージの場合は im:history) を付与してください。",
    signatures:
      "アプリの Basic Information ページの Signing Secret を SLACK_SIGNING_SECRET に設定し、マシンの時刻を確認してください。",
    unplaced:
      "一部のデータが欠けています。Breakwater を更新し、解消しない場合は開発元に知らせてください。各フィールドの読み取り元: docs/reference/readers.ja.md",
    "field-vanished":
      "一部のデータが欠けています。Breakwater を更新し、解消しない場合は開発元に知らせてください。各フィールドの読み取り元: docs/reference/readers.ja.md",
    stored: "doctor で各値とその削除コマンドを確認できます。隔離した値は 30 日後に削除されます。",
    job: "次の予定時刻に再試行します。ログで「job failed」を探してください。",
    unwritable:
      "OOM の場合は maxmemory を増やすか、メモリを空けてください (内訳は doctor --verbose で確認できます)。READONLY、MISCONF の場合はレプリカの役割とディスクを確認してください。docs/operations.md の Redis を参照。",
  },
});

/** What fixes a problem of this kind, or where its cause is shown. */
export function troubleFix(kind: TroubleKind, language: Language): string {
  return fixes(language)(kind);
}
