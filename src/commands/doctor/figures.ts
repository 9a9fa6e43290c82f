import { formatDuration, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline, Sentence } from "../../message/message.ts";
import type { ChannelDepth, Examination, Lag, PollReading } from "./examine.ts";
import { scanFacts } from "./scan-checks.ts";

const say = sentences({
  en: {
    poll: "Last poll",
    "poll-value": "{{time}} · alerts: {{alerts}} · subscriptions: {{subscriptions}}",
    "no-poll": "none yet",
    lag: "Lag from Azure to Slack",
    "lag-value": "{{age}} for the last alert ({{time}})",
    outbox: "Outbox",
    "outbox-value": "waiting: {{waiting}} · channels: {{channels}}",
    oldest: "waiting: {{waiting}} · channels: {{channels}} · oldest: {{age}}",
    queue: "Queue",
    waiting: "waiting {{number}}",
    active: "running {{number}}",
    delayed: "delayed {{number}}",
    failed: "failed {{number}}",
    "short-poll": "Last poll {{time}}",
    "short-no-poll": "No poll yet",
    "short-lag": "lag {{age}}",
    "short-outbox": "outbox: {{number}} waiting",
    "short-queue": "queue: {{number}} waiting",
  },
  ja: {
    poll: "最終ポーリング",
    "poll-value": "{{time}} · アラート {{alerts}} 件 · サブスクリプション {{subscriptions}} 個",
    "no-poll": "まだありません",
    lag: "Azure から Slack まで",
    "lag-value": "最後の通知は {{age}} ({{time}})",
    outbox: "送信待ち",
    "outbox-value": "{{waiting}} 件 · チャンネル {{channels}} 個",
    oldest: "{{waiting}} 件 · チャンネル {{channels}} 個 · 最も古いものは {{age}}前",
    queue: "キュー",
    waiting: "待機中 {{number}} 件",
    active: "実行中 {{number}} 件",
    delayed: "予定 {{number}} 件",
    failed: "失敗 {{number}} 件",
    "short-poll": "最終ポーリング {{time}}",
    "short-no-poll": "ポーリングはまだありません",
    "short-lag": "Azure から Slack まで {{age}}",
    "short-outbox": "送信待ち {{number}} 件",
    "short-queue": "キュー待機中 {{number}} 件",
  },
});

/** Poll, lag, outbox and queue in one line; what couldn't be read is left out, its check says so. */
export function figuresLine({ reading, lag, depth, queue }: Examination, language: Language): Inline[] {
  const words = say(language);
  const number = (count: number) => formatNumber(count, language);
  const items: Inline[][] = [
    ...("value" in reading
      ? [
          reading.value
            ? [...words.rich("short-poll", { time: { time: reading.value.at } })]
            : [words("short-no-poll")],
        ]
      : []),
    ...("value" in lag && lag.value
      ? [[words("short-lag", { age: formatDuration(lag.value.seconds * 1000, language) })]]
      : []),
    ...("value" in depth ? [[words("short-outbox", { number: number(waitingIn(depth.value)) })]] : []),
    ...("value" in queue ? [[words("short-queue", { number: number(queue.value.waiting ?? 0) })]] : []),
  ];
  return items.flatMap((item, index) => (index === 0 ? item : [" · ", ...item]));
}

/** Every figure with its details, for `--verbose`. */
export function figures(
  { reading, depth, lag, queue, scan, schedules }: Examination,
  now: string,
  language: Language,
): [string, Sentence][] {
  const words = say(language);
  const known: ([string, Sentence] | undefined)[] = [
    "value" in reading ? [words("poll"), pollFigure(reading.value, language)] : undefined,
    ...("value" in scan ? scanFacts(scan.value, schedules, language) : []),
    "value" in lag && lag.value ? [words("lag"), lagFigure(lag.value, language)] : undefined,
    "value" in depth ? [words("outbox"), outboxFigure(depth.value, now, language)] : undefined,
    "value" in queue ? [words("queue"), queueFigure(queue.value, language)] : undefined,
  ];
  return known.filter((figure) => figure !== undefined);
}

function pollFigure(reading: PollReading, language: Language): Sentence {
  const words = say(language);
  if (!reading) return words("no-poll");
  const { at, alerts, subscriptions } = reading;
  return words.rich("poll-value", { time: { time: at }, alerts, subscriptions });
}

function lagFigure({ at, seconds }: NonNullable<Lag>, language: Language): Sentence {
  const age = formatDuration(seconds * 1000, language);
  return say(language).rich("lag-value", { age, time: { time: at } });
}

function waitingIn(depth: readonly ChannelDepth[]): number {
  return depth.reduce((sum, one) => sum + one.waiting, 0);
}

function outboxFigure(depth: readonly ChannelDepth[], now: string, language: Language): string {
  const channels = depth.filter((one) => one.waiting > 0).length;
  const oldest = depth.flatMap((one) => one.oldest ?? []).sort()[0];
  const values = { waiting: formatNumber(waitingIn(depth), language), channels };
  if (!oldest) return say(language)("outbox-value", values);
  return say(language)("oldest", {
    ...values,
    age: formatDuration(Date.parse(now) - Date.parse(oldest), language),
  });
}

function queueFigure(counts: Record<string, number>, language: Language): string {
  const states = ["waiting", "active", "delayed", "failed"] as const;
  return states
    .flatMap((state) => {
      const count = counts[state];
      return count === undefined ? [] : [say(language)(state, { number: formatNumber(count, language) })];
    })
    .join(" · ");
}
