import type { Authorship, LossSort, Member } from "../../domain/coverage/watch/watch-state.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { clusterArguments } from "../../message/coverage/fixes.ts";

/** What happened, in the first line; `-ended` where all of it is over. */
export const headlines = sentences({
  en: {
    "plan-off": "Defender for Containers was turned off: {{where}}",
    "extension-off": "{{what}} was turned off: {{where}}",
    "sensor-off": "Defender sensor was turned off: {{where}}",
    "sensor-lost": "Defender sensor isn't running on some nodes: {{where}}",
    blind: "Defender no longer sees what runs there: {{where}}",
    "workspace-missing": "The sensor's Log Analytics workspace was deleted: {{where}}",
    "sensor-excluded": "Excluded from the Defender sensor by a tag: {{where}}",
    "policy-off": "Azure Policy add-on was removed: {{where}}",
    uncovered: "New and not covered by Defender: {{where}}",
    "plan-off-ended": "Defender for Containers is on again: {{where}}",
    "extension-off-ended": "{{what}} is on again: {{where}}",
    "sensor-off-ended": "Defender sensor is on again: {{where}}",
    "sensor-lost-ended": "Defender sensor is running again: {{where}}",
    "blind-ended": "Defender sees what runs there again: {{where}}",
    "workspace-missing-ended": "The sensor has its Log Analytics workspace again: {{where}}",
    "sensor-excluded-ended": "No longer excluded from the Defender sensor: {{where}}",
    "policy-off-ended": "Azure Policy add-on is back: {{where}}",
    "uncovered-ended": "Covered by Defender now: {{where}}",
    deleted: "Deleted while coverage was missing: {{where}}",
  },
  ja: {
    "plan-off": "Defender for Containers がオフになりました: {{where}}",
    "extension-off": "{{what}} がオフになりました: {{where}}",
    "sensor-off": "Defender センサーがオフになりました: {{where}}",
    "sensor-lost": "一部のノードで Defender センサーが動作していません: {{where}}",
    blind: "実行中のものを Defender が把握できなくなりました: {{where}}",
    "workspace-missing": "センサーの Log Analytics ワークスペースが削除されました: {{where}}",
    "sensor-excluded": "タグにより Defender センサーの対象外になりました: {{where}}",
    "policy-off": "Azure Policy アドオンが削除されました: {{where}}",
    uncovered: "Defender で保護されていない新しいリソース: {{where}}",
    "plan-off-ended": "Defender for Containers が再びオンになりました: {{where}}",
    "extension-off-ended": "{{what}} が再びオンになりました: {{where}}",
    "sensor-off-ended": "Defender センサーが再びオンになりました: {{where}}",
    "sensor-lost-ended": "Defender センサーが再び動作しています: {{where}}",
    "blind-ended": "実行中のものを Defender が再び把握しています: {{where}}",
    "workspace-missing-ended": "センサーの Log Analytics ワークスペースが再び有効です: {{where}}",
    "sensor-excluded-ended": "Defender センサーの対象に戻りました: {{where}}",
    "policy-off-ended": "Azure Policy アドオンが再び有効になりました: {{where}}",
    "uncovered-ended": "Defender で保護されるようになりました: {{where}}",
    deleted: "保護されていないまま削除されました: {{where}}",
  },
});

/** How it is closed [Defender for Cloud docs, enable Defender for Containers]. */
const steps = sentences({
  en: {
    "plan-off": "If it wasn't intended, turn it on: Defender for Cloud → Environment settings → Containers.",
    "extension-off":
      "If it wasn't intended, turn it on: Defender for Cloud → Environment settings → Containers → Settings.",
    "sensor-off": "If it wasn't intended: az aks update {{cluster}} --enable-defender",
    "sensor-lost": "Look at the sensor's pods: kubectl get pods -A -o wide | grep microsoft-defender",
    blind:
      "The sensor is ready, but Defender shows no result for any container there; each is assessed at least once a day. If the workloads weren't deleted, check the sensor's egress and K8S API access.",
    "workspace-missing":
      "The sensor's data goes nowhere. Recover the workspace within 14 days of its deletion, or request another one with the button.",
    "sensor-excluded": "If it wasn't intended, remove the tag ms_defender_container_exclude_sensors.",
    "policy-off": "If it wasn't intended: az aks enable-addons {{cluster}} --addons azure-policy",
    uncovered: "Turn on the plan for its subscription, or the missing extension: status shows which one.",
  },
  ja: {
    "plan-off": "意図しない変更の場合は、Defender for Cloud → 環境設定 → コンテナー でオンにしてください。",
    "extension-off":
      "意図しない変更の場合は、Defender for Cloud → 環境設定 → コンテナー → 設定 でオンにしてください。",
    "sensor-off": "意図しない変更の場合: az aks update {{cluster}} --enable-defender",
    "sensor-lost":
      "センサーのポッドを確認してください: kubectl get pods -A -o wide | grep microsoft-defender",
    blind:
      "センサーは準備完了ですが、少なくとも 1 日 1 回評価されるコンテナーの結果が Defender に 1 件もありません。ワークロードを削除していない場合は、センサーの送信接続と K8S API アクセスを確認してください。",
    "workspace-missing":
      "センサーのデータはどこにも保存されません。削除から 14 日以内であればワークスペースを回復するか、ボタンで別のワークスペースへの変更を申請してください。",
    "sensor-excluded":
      "意図しない変更の場合は、タグ ms_defender_container_exclude_sensors を外してください。",
    "policy-off": "意図しない変更の場合: az aks enable-addons {{cluster}} --addons azure-policy",
    uncovered:
      "サブスクリプションのプラン、または不足している拡張機能をオンにしてください (status で確認できます)。",
  },
});

const whys = sentences({
  en: {
    denied: "Unknown, because Breakwater is missing a permission: Microsoft.Insights/eventtypes/values/read",
    absent: "Unknown, because the activity log has no entry for it yet",
    failed: "Unknown, because the activity log couldn't be read: {{detail}}",
    other: "Unknown",
  },
  ja: {
    denied: "不明 (Breakwater に権限 Microsoft.Insights/eventtypes/values/read がありません)",
    absent: "不明 (アクティビティ ログに該当する記録がまだありません)",
    failed: "不明 (アクティビティ ログを読み取れませんでした: {{detail}})",
    other: "不明",
  },
});

/** What to do next, in one line; for several clusters, the command of the first one. */
export function nextStep(sort: LossSort, member: Member, language: Language): string {
  const cluster = clusterArguments({ id: resourceId(member), name: member.name });
  return steps(language)(sort, { cluster });
}

/** The watch keeps ids without the part of their subscription. */
export function resourceId({ id, subscription }: Pick<Member, "id" | "subscription">): string {
  return `/subscriptions/${subscription.id}${id}`;
}

/** Why it is not known who did it. */
export function whyUnknown(
  { why, detail = "" }: NonNullable<Authorship["unknown"]>,
  language: Language,
): string {
  return whys(language)(why, { detail });
}
