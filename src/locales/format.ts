import type { Language } from "./language.ts";

const locale: Record<Language, string> = { en: "en-GB", ja: "ja-JP" };

/** `12,345`. */
export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(locale[language]).format(value);
}

/** `08:00 UTC` today, else `22 Nov 08:00 UTC`; ISO in, always UTC: a reader's own zone is Slack's work. */
export function formatTime(iso: string, language: Language, now?: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const clock = `${iso.length ? time.toISOString().slice(11, 16) : ""} UTC`;
  if (now && time.toISOString().slice(0, 10) === now.slice(0, 10)) return clock;
  const day = new Intl.DateTimeFormat(locale[language], {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(time);
  return `${day} ${clock}`;
}

/** Milliseconds as `45 s`, `12 min`, `3 h`, `2 d` (Japanese: 秒, 分, 時間, 日). */
export function formatDuration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [value, unit] =
    seconds < 90
      ? [seconds, "second" as const]
      : seconds < 5400
        ? [Math.round(seconds / 60), "minute" as const]
        : seconds < 129_600
          ? [Math.round(seconds / 3600), "hour" as const]
          : [Math.round(seconds / 86_400), "day" as const];
  return new Intl.NumberFormat(locale[language], { style: "unit", unit, unitDisplay: "short" }).format(value);
}

/** `a, b, c` · `a、b、c`: a list that says nothing of an end. */
export function formatItems(items: readonly string[], language: Language): string {
  return items.join(language === "ja" ? "、" : ", ");
}

/** `a, b and c`. */
export function formatList(items: readonly string[], language: Language): string {
  return new Intl.ListFormat(locale[language], { type: "conjunction" }).format(items);
}
