import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { DrillRefused } from "../domain/simulations/events.ts";
import { sentences } from "../locales/sentences.ts";

const say = sentences({
  en: {
    headline: "Drill {{scenario}} on {{cluster}} didn't start: {{why}}",
    due: "Scheduled for {{slot}}.",
    "no-approval": "it isn't preapproved",
    "approval-lost": "the person who preapproved it is no longer an approver",
    "approval-deactivated": "the account of the person who preapproved it is deactivated",
    "approval-unread": "couldn't check in Slack whether the person who preapproved it is still an approver",
    "no-scenario": "scenario not found",
    "no-cluster": "no cluster in scope has this name, or more than one has it",
    "not-allowed": "simulations aren't allowed on this cluster",
    parameters: "parameters are missing",
    "not-read": "couldn't read the data it needs",
    "fix-no-approval":
      "In breakwater.yaml, set schedules.drills → approvedBy to the Slack user ID (U…) of an approver.",
    "fix-approval-lost":
      "Set schedules.drills → approvedBy to another approver, or add this person to access.approvers.",
    "fix-approval-deactivated":
      "Set schedules.drills → approvedBy to another approver, and remove this person from access.approvers.",
    "fix-approval-unread":
      "It is retried at the next scheduled time. Run doctor to see which Slack permission is missing.",
    "fix-no-scenario":
      "Fix schedules.drills → scenario. The form that /defender simulate opens has the names.",
    "fix-no-cluster":
      "Fix schedules.drills → cluster (GROUP/NAME or the resource ID where more than one has the name), or widen the scope.",
    "fix-not-allowed": "Add the cluster to simulations.clusters, or remove the tag that blocks simulations.",
    "fix-parameters": "Add the missing parameters in schedules.drills → parameters.",
    "fix-not-read": "It is retried at the next scheduled time. Run doctor to see what can't be read.",
  },
  ja: {
    headline: "{{cluster}} での訓練 {{scenario}} を開始できませんでした: {{why}}",
    due: "予定時刻: {{slot}}。",
    "no-approval": "事前承認がありません",
    "approval-lost": "事前承認した方が承認者ではなくなっています",
    "approval-deactivated": "事前承認した方のアカウントが無効化されています",
    "approval-unread": "事前承認した方が現在も承認者かどうかを Slack に確認できませんでした",
    "no-scenario": "該当するシナリオがありません",
    "no-cluster": "対象範囲に該当するクラスターがないか、複数あります",
    "not-allowed": "そのクラスターではシミュレーションが許可されていません",
    parameters: "シナリオに必要なパラメーターが不足しています",
    "not-read": "必要な情報を読み取れませんでした",
    "fix-no-approval":
      "breakwater.yaml の schedules.drills の approvedBy に、承認者の Slack ユーザー ID (U…) を設定してください。",
    "fix-approval-lost":
      "schedules.drills の approvedBy を別の承認者に変更するか、この方を access.approvers に追加してください。",
    "fix-approval-deactivated":
      "schedules.drills の approvedBy を別の承認者に変更し、この方を access.approvers から外してください。",
    "fix-approval-unread": "次の予定時刻に再試行します。Slack で不足している権限は doctor で確認できます。",
    "fix-no-scenario":
      "schedules.drills の scenario を修正してください。名前は /defender simulate のフォームで確認できます。",
    "fix-no-cluster":
      "schedules.drills の cluster を修正する (同じ名前のものが複数ある場合は「リソース グループ/名前」またはリソース ID を指定する) か、scope を広げてください。",
    "fix-not-allowed": "simulations.clusters にクラスターを追加するか、禁止しているタグを外してください。",
    "fix-parameters": "schedules.drills の parameters に不足しているパラメーターを追加してください。",
    "fix-not-read": "次の予定時刻に再試行します。読み取れないものは doctor で確認できます。",
  },
});

const event = z.custom<DrillRefused>((value) => {
  const one = value as DrillRefused | null;
  return typeof one?.drill === "string" && typeof one.slot === "string";
}, "a drill that did not start");

export default notifier<DrillRefused>({
  texts: {
    en: { summary: "A scheduled drill that did not start, with the fix" },
    ja: { summary: "予定された訓練を開始できなかった場合の通知 (対処方法付き)" },
  },
  topic: "drills",
  event,
  filters: [],
  key: ({ drill, slot }) => `${drill}|${slot}`,
  at: ({ slot }) => slot,
  render({ scenario, cluster, slot, why, said: detail }, { language }) {
    const words = say(language);
    return {
      headline: words("headline", { scenario, cluster, why: words(why) }),
      tone: "warning",
      parts: [
        { sentence: words.rich("due", { slot: { time: slot } }) },
        ...(detail ? [{ quote: detail }] : []),
        { note: words(`fix-${why}`) },
      ],
    };
  },
});
