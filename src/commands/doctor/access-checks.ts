import type { Check } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Examination } from "./examine.ts";

const say = sentences({
  en: {
    operators: "nobody may change alerts, mute or read the audit log: none are named",
    "operators-mend": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "no simulation can be approved: none are named",
    "approvers-mend": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "nobody hears of trouble",
    "admin-mend": "breakwater.yaml → access: { admin: C… }",
  },
  ja: {
    operators: "設定されていないため、アラートの変更、ミュート、監査ログの閲覧は誰にもできません",
    "operators-mend": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "設定されていないため、シミュレーションを承認できる人がいません",
    "approvers-mend": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "問題が起きても誰にも知らされません",
    "admin-mend": "breakwater.yaml → access: { admin: C… }",
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
    return { name, state: "failed", said: words(key), mend: words(`${key}-mend`) };
  };
  return [
    check("operators", operators > 0),
    ...(simulations ? [check("approvers", approvers > 0)] : []),
    check("admin", admin),
  ];
}
