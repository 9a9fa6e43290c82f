import { duration, scope, text } from "../definitions/arguments.ts";

/** What everything that hides something for a while asks for: where, how long, and why. */
export const exemptionArguments = { scope, for: duration, reason: text("REASON", 300) };

export const exemptionArgumentTexts = {
  scope: {
    en: "Exactly one subscription, resource group, cluster or registry.",
    ja: "1 つのサブスクリプション、リソース グループ、クラスター、レジストリ。",
  },
  for: { en: "How long.", ja: "期間。" },
  reason: { en: "The reason, shown to the approver.", ja: "理由。承認者に表示されます。" },
};
