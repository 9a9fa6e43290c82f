import { planNames } from "../../domain/catalogue/extensions.ts";
import {
  type Coverage,
  type ExtensionState,
  otherPlans,
  type PlanState,
  type SubscriptionCoverage,
} from "../../domain/coverage/coverage.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { extensionWord } from "../../message/coverage/extension-word.ts";
import { switchWord } from "../../message/coverage/feature-words.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: {
    "?": "unknown",
    failed: "failed",
    state: "{{state}} in Azure",
    disabled: "{{state}} in Azure: its resources may be stopped, whatever the settings say",
    plan: "Plan {{state}}",
    inherited: "inherited from {{from}}",
    since: "since {{day}}",
    "managed-by": "managed by {{by}}",
    extensions: "on: {{on}}; off: {{off}}",
    nothing: "none",
    also: "other plans: {{plans}}",
    registries_one: "{{count}} registry",
    registries_other: "{{count}} registries",
    "more-subscriptions_one": "{{count}} more subscription: --csv has them all.",
    "more-subscriptions_other": "{{count}} more subscriptions: --csv has them all.",
  },
  ja: {
    "?": "不明",
    failed: "失敗",
    state: "Azure での状態: {{state}}",
    disabled: "Azure での状態: {{state}} (設定にかかわらず、リソースが停止している可能性があります)",
    plan: "プラン {{state}}",
    inherited: "{{from}} から継承",
    since: "{{day}} から",
    "managed-by": "{{by}} が管理",
    extensions: "オン: {{on}}、オフ: {{off}}",
    nothing: "なし",
    also: "ほかのプラン: {{plans}}",
    registries_other: "レジストリ {{count}} 個",
    "more-subscriptions_other": "ほかにサブスクリプションが {{count}} 個あります。--csv ですべて出力します。",
  },
});

const subscriptionsShown = 10;
/** Resources go on running; in every other state they go offline [Microsoft docs, "Azure subscription states"]. */
const running = "PastDue";

/** The plan of each subscription and its extensions; those that aren't enabled come first, then those without the plan. */
export function subscriptionParts(coverage: Coverage, language: Language): Part[] {
  const shown = [...coverage.subscriptions]
    .sort((a, b) => worth(a) - worth(b) || a.subscription.name.localeCompare(b.subscription.name, "en"))
    .slice(0, subscriptionsShown);
  const hidden = coverage.subscriptions.length - shown.length;
  if (shown.length === 0) return [];
  return [
    { facts: shown.map((one) => [one.subscription.name, subscriptionFact(one, coverage, language)]) },
    ...(hidden > 0 ? [{ note: say(language)("more-subscriptions", { count: hidden }) }] : []),
  ];
}

function worth({ plan, state }: SubscriptionCoverage): number {
  if (state) return -1;
  if (!plan.plan.known) return 1;
  return plan.plan.value === "off" ? 0 : 2;
}

function subscriptionFact(one: SubscriptionCoverage, coverage: Coverage, language: Language): string {
  const words = say(language);
  const { plan } = one;
  const others = otherPlans(one).map((name) => planNames[name][language]);
  const registries = coverage.registries.filter(
    ({ subscription }) => subscription.id === one.subscription.id,
  ).length;
  return [
    one.state ? words(one.state === running ? "state" : "disabled", { state: one.state }) : "",
    words("plan", { state: switchWord(plan.plan, language) }),
    plan.inheritedFrom ? words("inherited", { from: plan.inheritedFrom }) : "",
    plan.enabledSince ? words("since", { day: plan.enabledSince.slice(0, 10) }) : "",
    plan.managedBy ? words("managed-by", { by: plan.managedBy }) : "",
    plan.plan.known && plan.plan.value === "on" ? extensionsFact(plan, language) : "",
    others.length > 0 ? words("also", { plans: formatItems(others, language) }) : "",
    registries > 0 ? words("registries", { count: registries }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What Azure could not turn on is not on, although it is asked for [Pricings 2024-01-01, operationStatus]. */
function extensionsFact({ extensions }: PlanState, language: Language): string {
  const words = say(language);
  const named = ({ name, state, failure }: ExtensionState) => {
    const doubt = failure ? words("failed") : state.known ? "" : words("?");
    return `${extensionWord(name, language)}${doubt && ` (${doubt})`}`;
  };
  const isOn = ({ state, failure }: ExtensionState) => !failure && state.known && state.value === "on";
  const names = (wanted: boolean) =>
    formatItems(extensions.filter((one) => isOn(one) === wanted).map(named), language) || words("nothing");
  return words("extensions", { on: names(true), off: names(false) });
}
