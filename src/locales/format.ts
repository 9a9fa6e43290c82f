import type { Language } from "./language.ts";

const locale: Record<Language, string> = { en: "en-GB", ja: "ja-JP" };

/** Making one takes a tenth of a millisecond; a table has thousands of numbers. */
const numbers = { en: new Intl.NumberFormat(locale.en), ja: new Intl.NumberFormat(locale.ja) };
const lists = {
  en: new Intl.ListFormat(locale.en, { type: "conjunction" }),
  ja: new Intl.ListFormat(locale.ja, { type: "conjunction" }),
};

/** `12,345`. */
export function formatNumber(value: number, language: Language): string {
  return numbers[language].format(value);
}

/** `22 Nov 08:00 UTC`; ISO in. A reader's own zone is Slack's work, except where Slack takes plain text only. */
export function formatTime(iso: string, language: Language, timezone = "UTC"): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const parts = timeFormat(language, timezone).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const clock = `${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
  const day = language === "ja" ? `${part("month")}月${part("day")}日` : `${part("day")} ${part("month")}`;
  return `${day} ${clock}`;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

function timeFormat(language: Language, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`;
  const format =
    timeFormats.get(key) ??
    new Intl.DateTimeFormat(locale[language], {
      day: "numeric",
      month: language === "ja" ? "numeric" : "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone,
      timeZoneName: "short",
    });
  timeFormats.set(key, format);
  return format;
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

/** The first of them, and `+2` for how many more there are. */
export function formatSome(items: readonly string[], most: number, language: Language): string {
  const more = items.length - most;
  return formatItems([...items.slice(0, most), ...(more > 0 ? [`+${more}`] : [])], language);
}

/** `a, b and c`. */
export function formatList(items: readonly string[], language: Language): string {
  return lists[language].format(items);
}
