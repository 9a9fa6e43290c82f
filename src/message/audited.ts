import type { AuditedAction } from "../domain/audit.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";

const say = sentences({
  en: {
    request: "requested",
    approve: "approved",
    refuse: "refused",
    cancel: "cancelled",
    create: "created",
    "let-expire": "let expire:",
    acknowledge: "acknowledged",
    resolve: "resolved",
    dismiss: "dismissed",
    reopen: "reopened",
    mute: "muted",
    unmute: "unmuted",
    subscribe: "subscribed to",
    unsubscribe: "unsubscribed from",
    share: "shared",
    "no-change": "changed nothing:",
    "try-request": "request",
    "try-approve": "approve",
    "try-refuse": "refuse",
    "try-cancel": "cancel",
    "try-create": "create",
    "try-let-expire": "let expire:",
    "try-acknowledge": "acknowledge",
    "try-resolve": "resolve",
    "try-dismiss": "dismiss",
    "try-reopen": "reopen",
    "try-mute": "mute",
    "try-unmute": "unmute",
    "try-subscribe": "subscribe to",
    "try-unsubscribe": "unsubscribe from",
    "try-share": "share",
    "try-no-change": "change",
    simulation: "simulation",
    "simulation-alerts": "alerts of simulation",
    suppression: "suppression of",
    exemption: "exemption of",
    alert: "alert",
    alerts: "alerts",
    topic: "topic",
    answer: "an answer",
    done: "{{verb}} {{what}}",
    tried: "tried to {{verb}} {{what}}",
    on: "{{what}} on {{place}}",
    named: "{{kind}} {{name}}",
  },
  ja: {
    request: "申請",
    approve: "承認",
    refuse: "却下",
    cancel: "中止",
    create: "作成",
    "let-expire": "終了を了承",
    acknowledge: "対応を開始",
    resolve: "解決",
    dismiss: "無視",
    reopen: "再アクティブ化",
    mute: "ミュート",
    unmute: "ミュート解除",
    subscribe: "購読",
    unsubscribe: "購読解除",
    share: "共有",
    "no-change": "変更なし",
    "try-request": "申請",
    "try-approve": "承認",
    "try-refuse": "却下",
    "try-cancel": "中止",
    "try-create": "作成",
    "try-let-expire": "終了の了承",
    "try-acknowledge": "対応の開始",
    "try-resolve": "解決",
    "try-dismiss": "無視",
    "try-reopen": "再アクティブ化",
    "try-mute": "ミュート",
    "try-unmute": "ミュート解除",
    "try-subscribe": "購読",
    "try-unsubscribe": "購読解除",
    "try-share": "共有",
    "try-no-change": "変更",
    simulation: "シミュレーション",
    "simulation-alerts": "シミュレーションのアラート",
    suppression: "抑制",
    exemption: "除外",
    alert: "アラート",
    alerts: "アラート",
    topic: "トピック",
    answer: "回答",
    done: "{{what}}: {{verb}}",
    tried: "{{what}}: {{verb}}を試行",
    on: "{{place}} の{{what}}",
    named: "{{kind}} {{name}}",
  },
});

/**
 * `approved simulation web-shell on aks-demo` · `aks-demo のシミュレーション web-shell: 承認`.
 *
 * @param done false where it was refused, failed or has no known outcome: `tried to approve …`
 */
export function auditedText({ verb, kind, name, place }: AuditedAction, done: boolean, language: Language) {
  const words = say(language);
  const named = name ? words("named", { kind: words(kind), name }) : words(kind);
  const what = place ? words("on", { what: named, place }) : named;
  return done
    ? words("done", { verb: words(verb), what })
    : words("tried", { verb: words(`try-${verb}`), what });
}
