import type { Check } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Examination } from "./examine.ts";

const say = sentences({
  en: {
    operators: "not set: no one can change alerts, mute or read the audit log",
    "operators-fix": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "not set: no one can approve simulations",
    "approvers-fix": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "not set: no one is notified of problems",
    "admin-fix": "breakwater.yaml → access: { admin: C… }",
  },
  ja: {
    operators: "設定されていないため、アラートの変更、ミュート、監査ログの閲覧は誰にもできません",
    "operators-fix": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "設定されていないため、シミュレーションを承認できる人がいません",
    "approvers-fix": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "問題が起きても誰にも知らされません",
    "admin-fix": "breakwater.yaml → access: { admin: C… }",
  },
});

/** Whether somebody is named for what only some may do. `simulations`: they may run somewhere, so approvers are needed. */
export function accessChecks(
  { operators, approvers, admin }: Examination["access"],
  simulations: boolean,
  language: Language,
): Check[] {
  const words = say(language);
  const check = (key: "operators" | "approvers" | "admin", named: boolean): Check => {
    const name = `access.${key}`;
    if (named) return { name, state: "ok", said: "" };
    return { name, state: "failed", said: words(key), fix: words(`${key}-fix`) };
  };
  return [
    check("operators", operators > 0),
    ...(simulations ? [check("approvers", approvers > 0)] : []),
    check("admin", admin),
  ];
}
