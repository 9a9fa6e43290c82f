import { type Scope, scopeText } from "../domain/scope/scope.ts";
import type { ChannelSubscription, Mute } from "../domain/subscription.ts";
import { hasOption } from "../domain/topics.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Inline, Sentence } from "./message.ts";
import { severityFloor } from "./words.ts";

const say = sentences({
  en: {
    every: "every severity",
    everywhere: "everywhere",
    in: "in {{scopes}}",
    states: "all states",
    immediate: "new images immediately: {{severity}}, fixable",
    language: "in English",
    file: "set in breakwater.yaml",
    by: "by {{who}}, {{when}}",
    all: "everything",
    until: "until {{until}}, by {{who}}",
    kept_one: "{{count}} muted so far",
    kept_other: "{{count}} muted so far",
  },
  ja: {
    every: "すべての重大度",
    everywhere: "すべての範囲",
    in: "範囲 {{scopes}}",
    states: "すべての状態",
    immediate: "新しいイメージはすぐに通知 ({{severity}}、修正可能)",
    language: "日本語",
    file: "breakwater.yaml で設定",
    by: "{{who}} が {{when}} に設定",
    all: "すべて",
    until: "{{until}} まで、設定者 {{who}}",
    kept_other: "これまでに {{count}} 件をミュート",
  },
});

/** `High or higher · in sub:prod-* · by @Ann, 08:00`: what a subscription lets through, and whose it is. */
export function subscriptionSentence(one: ChannelSubscription, language: Language): Inline[] {
  const words = say(language);
  const parts = [
    severityText(one, language),
    scopesText(one.scopes, language),
    one.state ? words("states") : "",
    one.immediate ? words("immediate", { severity: severityFloor(one.immediate, language) }) : "",
    // Each language names itself in its own words.
    one.language ? say(one.language)("language") : "",
  ].filter(Boolean);
  const origin: Inline[] =
    one.origin === "file"
      ? [words("file")]
      : one.by && one.at
        ? words.rich("by", { who: { person: one.by }, when: { time: one.at } })
        : [];
  return [parts.join(" · "), ...(origin.length > 0 ? [" · ", ...origin] : [])];
}

/** The same after its topic. */
export function topicSentence(one: ChannelSubscription, language: Language): Inline[] {
  return [{ strong: one.topic }, " · ", ...subscriptionSentence(one, language)];
}

/** `K8S.NODE_ImdsCall · in cluster:aks-*`: what a mute covers. */
export function muteTarget({ sort, scopes }: Pick<Mute, "sort" | "scopes">, language: Language): string {
  return `${sort ?? say(language)("all")} · ${scopesText(scopes, language)}`;
}

/** `K8S.NODE_ImdsCall · in cluster:aks-* · until 12:00, by @Ann · 3 muted so far`. */
export function muteSentence(mute: Mute, kept: number, language: Language): Sentence {
  const words = say(language);
  const until = words.rich("until", { until: { time: mute.until }, who: { person: mute.by } });
  return [`${muteTarget(mute, language)} · `, ...until, ` · ${words("kept", { count: kept })}`];
}

function severityText({ topic, severity }: ChannelSubscription, language: Language): string {
  if (!hasOption(topic, "severity")) return "";
  return severity ? severityFloor(severity, language) : say(language)("every");
}

function scopesText(scopes: readonly Scope[], language: Language): string {
  const words = say(language);
  return scopes.length === 0
    ? words("everywhere")
    : words("in", { scopes: scopes.map(scopeText).join(", ") });
}

/** How many notifications were muted, of all sorts. */
export function keptOut(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
