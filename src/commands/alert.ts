import { z } from "zod";
import { actorOf } from "../alerts/change.ts";
import { readAlert } from "../alerts/read.ts";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import type { Alert, AlertActor, AlertEntity } from "../domain/alerts/alert.ts";
import { muteOf } from "../domain/routing.ts";
import type { Mute } from "../domain/subscription.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import {
  actorSentence,
  alertActions,
  alertFacts,
  alertHeadline,
  alertTone,
} from "../message/alerts/alert.ts";
import { entityWord } from "../message/alerts/entity-words.ts";
import type { Message, Part, Sentence } from "../message/message.ts";

const say = sentences({
  en: {
    title: "Alert",
    techniques: "Techniques",
    region: "Region",
    tags: "Tags",
    type: "Alert type",
    id: "Alert id",
    description: "What happened",
    steps: "What to do",
    entities_one: "{{count}} entity",
    entities_other: "{{count}} entities",
    more: "and {{count}} more",
    extended: "Further facts",
    muted: "🔕 Muted in this channel until {{until}} by {{who}}",
    sample: "A sample alert: its entities are invented.",
  },
  ja: {
    title: "アラート",
    techniques: "手法",
    region: "リージョン",
    tags: "タグ",
    type: "アラートの種類",
    id: "アラート ID",
    description: "内容",
    steps: "対処手順",
    entities_other: "エンティティ {{count}} 件",
    more: "ほか {{count}} 件",
    extended: "補足情報",
    muted: "🔕 このチャンネルでは {{who}} が {{until}} までミュートしています",
    sample: "サンプル アラートです。エンティティは架空のものです。",
  },
});

export default command({
  texts: {
    en: { summary: "Details of one alert: entities, techniques, steps, times; buttons use it" },
    ja: { summary: "アラート 1 件の詳細: エンティティ、手法、対処手順、時刻 (ボタンが使います)" },
  },
  examples: ["alert <alert>"],
  arguments: z.object({ resource: text("RESOURCE", 1500) }),
  positional: ["resource"],
  argumentTexts: {
    resource: { en: "The Azure resource id of the alert.", ja: "アラートの Azure リソース ID。" },
  },
  access: "anyone",
  effect: "none",
  shows: "modal",
  hidden: true,
  async run({ resource }, { azure, store, clock }, { caller, language }) {
    const alert = await readAlert({ azure }, resource);
    const actor = await actorOf(alert, store);
    const mute = muteOf(alert, await store.mutes.list(clock.now(), caller.channel));
    return { modal: { title: say(language)("title"), ...detailsMessage(alert, { actor, mute }, language) } };
  },
});

const entitiesShown = 15;
const stepsShown = 12;
const factsShown = 12;
const tagsShown = 15;
const tagText = ([name, value]: [string, string]) => (value ? `${name}: ${value}` : name);

function detailsMessage(
  alert: Alert,
  { actor, mute }: { actor?: AlertActor; mute?: Mute },
  language: Language,
): Message {
  const words = say(language);
  const facts: [string, Sentence][] = [
    ...alertFacts(alert, language),
    [words("techniques"), alert.techniques.join(", ")],
    [words("region"), alert.region ?? ""],
    [words("tags"), (alert.tags ?? []).slice(0, tagsShown).map(tagText).join(", ")],
    [words("type"), { code: alert.type }],
    [words("id"), { code: alert.id }],
  ];
  const parts: (Part | undefined)[] = [
    actor ? { sentence: actorSentence(actor, language) } : undefined,
    mute ? { sentence: mutedHere(mute, language) } : undefined,
    alert.sample ? { note: words("sample") } : undefined,
    { facts: facts.filter(([, value]) => value !== "") },
    ...section(words("description"), alert.description ? [{ quote: alert.description }] : []),
    ...section(words("steps"), listed(alert.remediation, stepsShown, language)),
    ...section(
      words("entities", { count: Math.max(alert.entityCount, alert.entities.length) }),
      listed(
        alert.entities.map((entity) => entityText(entity, language)),
        entitiesShown,
        language,
      ),
    ),
    ...section(words("extended"), extendedFacts(alert)),
    { divider: true },
    { actions: alertActions(alert, language, { details: false, mute: true }) },
  ];
  return {
    headline: alertHeadline(alert, language),
    tone: alertTone(alert),
    parts: parts.filter((part) => part !== undefined),
  };
}

function mutedHere({ until, by }: Mute, language: Language): Sentence {
  const values = { until: { time: until }, who: { person: by } };
  return say(language).rich("muted", values);
}

function section(title: string, content: Part[]): Part[] {
  return content.length > 0 ? [{ sentence: { strong: title } }, ...content] : [];
}

function listed(items: readonly string[], most: number, language: Language): Part[] {
  if (items.length === 0) return [];
  const left = items.length - most;
  const rest = left > 0 ? [say(language)("more", { count: left })] : [];
  return [{ list: [...items.slice(0, most), ...rest] }];
}

function entityText({ kind, name, facts }: AlertEntity, language: Language): string {
  const known = facts.slice(0, 6).map(([label, value]) => `${label}: ${value}`);
  const word = entityWord(kind, language);
  // An entity without a name of its own is called after its kind.
  return [name === kind ? word : `${word} ${name}`.trim(), ...known].join(" · ");
}

function extendedFacts({ extended }: Alert): Part[] {
  const filled = extended.filter(([, value]) => value !== "").slice(0, factsShown);
  return filled.length > 0
    ? [{ facts: filled.map(([label, value]): [string, Sentence] => [label, value]) }]
    : [];
}
