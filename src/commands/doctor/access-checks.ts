import { type Check, failed } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Examination } from "./examine.ts";

const say = sentences({
  en: {
    operators: "not set: no one can change alerts, mute or read the audit log",
    "operators-fix": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "not set: no one can approve {{what}}",
    simulations: "simulations",
    changes: "suppressions, exemptions or enabling",
    both: "simulations, suppressions, exemptions or enabling",
    "approvers-fix": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "not set: no one is notified of problems",
    "admin-fix": "breakwater.yaml → access: { admin: C… }",
  },
  ja: {
    operators: "設定されていないため、アラートの変更、ミュート、監査ログの閲覧は誰にもできません",
    "operators-fix": "breakwater.yaml → access: { operators: [U…, S…] }",
    approvers: "設定されていないため、{{what}}を承認できる人がいません",
    simulations: "シミュレーション",
    changes: "抑制、除外、有効化",
    both: "シミュレーション、抑制、除外、有効化",
    "approvers-fix": "breakwater.yaml → access: { approvers: [U…, S…] }",
    admin: "問題が起きても誰にも知らされません",
    "admin-fix": "breakwater.yaml → access: { admin: C… }",
  },
});

/**
 * Whether somebody is named for what only some may do. Approvers are needed for simulations where they may run somewhere,
 * and for suppressions, exemptions and enabling (`changes`) where the bot has a role for them.
 */
export function accessChecks(
  { operators, approvers, admin }: Examination["access"],
  needed: { simulations: boolean; changes: boolean },
  language: Language,
): Check[] {
  const words = say(language);
  const check = (key: "operators" | "approvers" | "admin", named: boolean): Check => {
    const name = `access.${key}`;
    return named ? { name, state: "ok", said: "" } : failed(name, words(key), words(`${key}-fix`));
  };
  const approverChecks = (): Check[] => {
    const { simulations, changes } = needed;
    if (!simulations && !changes) return [];
    if (approvers > 0) return [check("approvers", true)];
    const what = simulations && changes ? "both" : changes ? "changes" : "simulations";
    const said = words("approvers", { what: words(what) });
    return [failed("access.approvers", said, words("approvers-fix"))];
  };
  return [check("operators", operators > 0), ...approverChecks(), check("admin", admin)];
}
