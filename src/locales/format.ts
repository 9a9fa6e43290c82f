import type { Language } from "./language.ts";

const locale: Record<Language, string> = { en: "en-GB", ja: "ja-JP" };

/** Making one takes a tenth of a millisecond; a table has thousands of numbers. */
const numbers = { en: new Intl.NumberFormat(locale.en), ja: new Intl.NumberFormat(locale.ja) };
const lists = {
  en: new Intl.ListFormat(locale.en, { type: "conjunction" }),
  ja: new Intl.ListFormat(locale.ja, { type: "conjunction" }),
};
const dayOptions = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const days = {
  en: new Intl.DateTimeFormat(locale.en, dayOptions),
  ja: new Intl.DateTimeFormat(locale.ja, dayOptions),
};

/** `12,345`. */
export function formatNumber(value: number, language: Language): string {
  return numbers[language].format(value);
}

/** `08:00 UTC` today, else `22 Nov 08:00 UTC`; ISO in, always UTC: a reader's own zone is Slack's work. */
export function formatTime(iso: string, language: Language, now?: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const clock = `${iso.length ? time.toISOString().slice(11, 16) : ""} UTC`;
  if (now && time.toISOString().slice(0, 10) === now.slice(0, 10)) return clock;
  return `${days[language].format(time)} ${clock}`;
}

type Unit = "second" | "minute" | "hour" | "day";

/** A format for each unit, made when it is first needed. */
function unitFormats(language: Language): (unit: Unit) => Intl.NumberFormat {
  const made = new Map<Unit, Intl.NumberFormat>();
  return (unit) => {
    const format =
      made.get(unit) ??
      new Intl.NumberFormat(locale[language], { style: "unit", unit, unitDisplay: "short" });
    made.set(unit, format);
    return format;
  };
}

const durations = { en: unitFormats("en"), ja: unitFormats("ja") };

/** Milliseconds as `45 s`, `12 min`, `3 h`, `2 d` (Japanese: 秒, 分, 時間, 日). */
export function formatDuration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [value, unit]: [number, Unit] =
    seconds < 90
      ? [seconds, "second"]
      : seconds < 5400
        ? [Math.round(seconds / 60), "minute"]
        : seconds < 129_600
          ? [Math.round(seconds / 3600), "hour"]
          : [Math.round(seconds / 86_400), "day"];
  return durations[language](unit).format(value);
}

/** `a, b, c` · `a、b、c`: a list that says nothing of an end. */
export function formatItems(items: readonly string[], language: Language): string {
  return items.join(language === "ja" ? "、" : ", ");
}

/** `a, b and c`. */
export function formatList(items: readonly string[], language: Language): string {
  return lists[language].format(items);
}
