import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { DrillRefused } from "../domain/simulations/events.ts";
import { sentences } from "../locales/sentences.ts";
import type { Inline } from "../message/message.ts";

const say = sentences({
  en: {
    headline: "The drill {{scenario}} on {{cluster}} did not start: {{why}}",
    due: "It was due {{slot}}.",
    "no-approval": "it has no standing approval",
    "approval-lost": "the person who approved it for good is no longer an approver",
    "approval-deactivated": "the account of the person who approved it for good is deactivated",
    "approval-unread": "Slack did not say whether the person who approved it for good is still an approver",
    "no-scenario": "there is no such scenario",
    "no-cluster": "there is no such cluster in scope",
    "not-allowed": "simulations may not run there",
    parameters: "it lacks what the scenario asks for",
    "not-read": "what it needs could not be read",
    "mend-no-approval":
      "Name the approver in breakwater.yaml, at schedules.drills: approvedBy with their Slack user id (U…).",
    "mend-approval-lost":
      "Name another approver at schedules.drills → approvedBy, or add this one to access.approvers.",
    "mend-approval-deactivated":
      "Name another approver at schedules.drills → approvedBy, and remove this one from access.approvers.",
    "mend-approval-unread": "It is tried again at its next time. doctor says what Slack refuses.",
    "mend-no-scenario": "Correct schedules.drills → scenario; help simulate lists the names.",
    "mend-no-cluster": "Correct schedules.drills → cluster, or widen scope.",
    "mend-not-allowed": "Add the cluster to simulations.clusters, or remove the tag that refuses it.",
    "mend-parameters": "Add what is missing at schedules.drills → parameters.",
    "mend-not-read": "It is tried again at its next time. doctor says what cannot be read.",
  },
  ja: {
    headline: "{{cluster}} での訓練 {{scenario}} を開始できませんでした: {{why}}",
    due: "予定時刻: {{slot}}。",
    "no-approval": "事前承認がありません",
    "approval-lost": "事前承認した方が承認者ではなくなっています",
    "approval-deactivated": "事前承認した方のアカウントが無効化されています",
    "approval-unread": "事前承認した方が現在も承認者かどうかを Slack に確認できませんでした",
    "no-scenario": "該当するシナリオがありません",
    "no-cluster": "対象範囲に該当するクラスターがありません",
    "not-allowed": "そのクラスターではシミュレーションが許可されていません",
    parameters: "シナリオに必要な指定が足りません",
    "not-read": "必要な情報を読み取れませんでした",
    "mend-no-approval":
      "breakwater.yaml の schedules.drills の approvedBy に、承認者の Slack ユーザー ID (U…) を設定してください。",
    "mend-approval-lost":
      "schedules.drills の approvedBy を別の承認者に変更するか、この方を access.approvers に追加してください。",
    "mend-approval-deactivated":
      "schedules.drills の approvedBy を別の承認者に変更し、この方を access.approvers から外してください。",
    "mend-approval-unread":
      "次の予定時刻に再試行します。Slack で拒否されているものは doctor で確認できます。",
    "mend-no-scenario":
      "schedules.drills の scenario を修正してください。名前は help simulate で確認できます。",
    "mend-no-cluster": "schedules.drills の cluster を修正するか、scope を広げてください。",
    "mend-not-allowed": "simulations.clusters にクラスターを追加するか、禁止しているタグを外してください。",
    "mend-parameters": "schedules.drills の parameters に不足分を追加してください。",
    "mend-not-read": "次の予定時刻に再試行します。読み取れないものは doctor で確認できます。",
  },
});

const event = z.custom<DrillRefused>((value) => {
  const one = value as DrillRefused | null;
  return typeof one?.drill === "string" && typeof one.slot === "string";
}, "a drill that did not start");

export default notifier<DrillRefused>({
  texts: {
    en: { summary: "A drill was due and did not start, with what mends it" },
    ja: { summary: "予定された訓練を開始できなかった場合の通知 (対処方法付き)" },
  },
  topic: "drills",
  event,
  filters: [],
  key: ({ drill, slot }) => `${drill}|${slot}`,
  at: ({ slot }) => slot,
  render({ scenario, cluster, slot, why, said }, { language }) {
    const words = say(language);
    return {
      headline: words("headline", { scenario, cluster, why: words(why) }),
      tone: "warning",
      parts: [
        { sentence: words.rich<Exclude<Inline, string>>("due", { slot: { time: slot } }) },
        ...(said ? [{ quote: said }] : []),
        { note: words(`mend-${why}`) },
      ],
    };
  },
});
