import type { RenderContext } from "../../definitions/notifier.ts";
import type { Alert, AlertSeen } from "../../domain/alerts/alert.ts";
import { bySeverity, countBySeverity } from "../../domain/severity.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { alertActions, alertHeadline, isClosed, placeText } from "../../message/alerts/alert.ts";
import type { Cell, Inline, Message, Part } from "../../message/message.ts";
import { severityCounts } from "../../message/words.ts";
import { alertMessage } from "./alert-message.ts";
import { pages } from "./bundle-pages.ts";

const say = sentences({
  en: {
    burst_one: "{{count}} new alert: {{severities}}",
    burst_other: "{{count}} new alerts: {{severities}}",
    again: "{{count}} times",
    spread:
      "Clusters and registries: {{places}} · subscriptions: {{subscriptions}} · alert types: {{types}}.",
    window: "First {{first}}, last {{last}}.",
    closed: "Resolved or dismissed: {{closed}} of {{count}}.",
    most: "Most frequent",
    type: "Alert type",
    count: "Alerts",
    where: "Where",
    joined: "Again: {{title}}",
    later: "Later occurrences are in the thread.",
    "urgent-more_one": "and {{count}} more, first in the thread",
    "urgent-more_other": "and {{count}} more, first in the thread",
  },
  ja: {
    spread:
      "クラスターとレジストリ {{places}} 個 · サブスクリプション {{subscriptions}} 個 · アラートの種類 {{types}} 種。",
    burst_other: "新しいアラート {{count}} 件: {{severities}}",
    again: "{{count}} 回",
    window: "最初 {{first}}、最後 {{last}}。",
    closed: "解決済みまたは無視: {{count}} 件中 {{closed}} 件。",
    most: "多いもの",
    type: "アラートの種類",
    count: "件数",
    where: "場所",
    joined: "再発: {{title}}",
    later: "2 回目以降はスレッドにあります。",
    "urgent-more_other": "ほか {{count}} 件 (スレッドの先頭に表示)",
  },
});

/** Names in the head of a bundle; the thread lists the worst first. */
const mostUrgent = 20;

type Context = RenderContext & { burst: boolean };

/** Many alerts as one message; each alert is listed once: in a page of the thread or in its file. */
export function bundleMessage(events: AlertSeen[], context: Context): Message {
  return context.burst ? burst(events, context) : repeated(events, context);
}

function burst(events: AlertSeen[], { language }: Context): Message {
  const words = say(language);
  const alerts = events.map(({ alert }) => alert);
  const parts: (Part | undefined)[] = [
    { sentence: [...spread(alerts, language), " ", ...window(alerts, language)] },
    closedSentence(alerts, language),
    ...urgent(alerts, language),
    mostFrequent(alerts, language),
  ];
  return {
    headline: words("burst", {
      count: alerts.length,
      severities: severityCounts(countBySeverity(alerts), language),
    }),
    tone: alerts.some(({ severity }) => severity === "high" || severity === "critical") ? "bad" : "warning",
    parts: parts.filter((part) => part !== undefined),
    thread: pages(alerts, language),
  };
}

/**
 * The first alert as it was, with how often and since when it came again. While one of them is open, the headline is that
 * of the worst open one: a closed alert must not hide those that came after it.
 */
function repeated(events: AlertSeen[], context: Context): Message {
  const { language } = context;
  const words = say(language);
  const alerts = events.map(({ alert }) => alert);
  const first = alertMessage(events[0]!, context);
  const [worst = events[0]!] = events
    .filter(({ alert }) => !isClosed(alert))
    .sort((a, b) => bySeverity(a.alert.severity, b.alert.severity));
  const { headline, tone } = alertMessage(worst, context);
  const [facts, ...others] = first.parts;
  const closed = closedSentence(alerts, language);
  return {
    headline: `${words("again", { count: alerts.length })} · ${headline}`,
    tone,
    parts: [
      ...(facts ? [facts] : []),
      { sentence: [...window(alerts, language), " ", words("later")] },
      ...(closed ? [closed] : []),
      ...others,
    ],
  };
}

/** The reply in the thread for an alert that came again. */
export function joinedReply(events: AlertSeen[], context: RenderContext): Message {
  const { alert } = events[0]!;
  const message = alertMessage(events[0]!, context);
  return {
    ...message,
    headline: say(context.language)("joined", { title: `${alert.title} · ${placeText(alert.place)}` }),
    parts: message.parts.map((part) =>
      "actions" in part
        ? { actions: alertActions(alert, context.language, { details: true, mute: false }) }
        : part,
    ),
  };
}

function spread(alerts: readonly Alert[], language: Language): Inline[] {
  const distinct = (value: (alert: Alert) => string) => new Set(alerts.map(value)).size;
  return say(language).rich<never>("spread", {
    places: distinct(({ place, compromisedEntity }) => place.cluster ?? place.registry ?? compromisedEntity),
    subscriptions: distinct(({ place }) => place.subscription.id),
    types: distinct(({ type }) => type.toLowerCase()),
  });
}

function window(alerts: readonly Alert[], language: Language): Inline[] {
  const times = alerts
    .flatMap(({ start, end }) => [start, end ?? start])
    .filter((time) => time !== undefined);
  if (times.length === 0) return [];
  times.sort();
  return say(language).rich("window", {
    first: { time: times[0]! },
    last: { time: times.at(-1)! },
  });
}

/** Every open alert of high severity by name: no one should have to open the thread to see that there is one. */
function urgent(alerts: readonly Alert[], language: Language): Part[] {
  const open = alerts.filter(
    (alert) => (alert.severity === "critical" || alert.severity === "high") && !isClosed(alert),
  );
  const left = open.length - mostUrgent;
  const more = left > 0 ? [say(language)("urgent-more", { count: left })] : [];
  const list = [...open.slice(0, mostUrgent).map((alert) => alertHeadline(alert, language)), ...more];
  return list.length > 0 ? [{ list }] : [];
}

function closedSentence(alerts: readonly Alert[], language: Language): Part | undefined {
  const closed = alerts.filter(isClosed).length;
  return closed > 0 ? { sentence: say(language)("closed", { closed, count: alerts.length }) } : undefined;
}

/** Types that came more than once, most frequent first; a type that came once is in the thread only. */
function mostFrequent(alerts: readonly Alert[], language: Language): Part | undefined {
  const words = say(language);
  const groups = Map.groupBy(alerts, ({ type }) => type.toLowerCase());
  const frequent = [...groups.values()]
    .filter(({ length }) => length > 1)
    .sort((a, b) => b.length - a.length);
  if (frequent.length === 0) return undefined;
  const rows = frequent
    .slice(0, 10)
    .map((group): Cell[] => [
      group[0]!.title,
      { number: group.length },
      [...new Set(group.map(({ place }) => place.cluster ?? place.registry ?? place.subscription.name))]
        .slice(0, 3)
        .join(", "),
    ]);
  return {
    table: {
      caption: words("most"),
      columns: [
        { label: words("type") },
        { label: words("count"), align: "right" },
        { label: words("where") },
      ],
      rows,
      total: frequent.length,
    },
  };
}
