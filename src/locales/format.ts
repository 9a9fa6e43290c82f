import type { Language } from "./language.ts";

const locale: Record<Language, string> = { en: "en-GB", ja: "ja-JP" };

/** Making one takes a tenth of a millisecond, the first one many: each is made once, when it is first needed. */
function madeOnce<Key extends string, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const known = new Map<Key, Made>();
  return (key) => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    return made;
  };
}

const numbers = madeOnce((language: Language) => new Intl.NumberFormat(locale[language]));
const lists = madeOnce(
  (language: Language) => new Intl.ListFormat(locale[language], { type: "conjunction" }),
);

/** `12,345`. */
export function formatNumber(value: number, language: Language): string {
  return numbers(language).format(value);
}

/**
 * `22 Nov 08:00 UTC`, with its year where that may be any; ISO in. A reader's own zone is Slack's work, except where Slack
 * takes plain text only.
 */
export function formatTime(
  iso: string,
  language: Language,
  { timezone = "UTC", year = false }: { timezone?: string; year?: boolean } = {},
): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const parts = timeFormats[language](timezone).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const clock = `${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
  const day = language === "ja" ? `${part("month")}月${part("day")}日` : `${part("day")} ${part("month")}`;
  if (!year) return `${day} ${clock}`;
  return language === "ja" ? `${part("year")}年${day} ${clock}` : `${day} ${part("year")} ${clock}`;
}

const timeFormats = {
  en: madeOnce((timeZone) => timeFormat("en", timeZone)),
  ja: madeOnce((timeZone) => timeFormat("ja", timeZone)),
};

function timeFormat(language: Language, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale[language], {
    year: "numeric",
    day: "numeric",
    month: language === "ja" ? "numeric" : "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
    timeZoneName: "short",
  });
}

type Unit = "second" | "minute" | "hour" | "day";

const durations = {
  en: madeOnce((unit: Unit) => unitFormat("en", unit)),
  ja: madeOnce((unit: Unit) => unitFormat("ja", unit)),
};

function unitFormat(language: Language, unit: Unit): Intl.NumberFormat {
  return new Intl.NumberFormat(locale[language], { style: "unit", unit, unitDisplay: "short" });
}

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
  return lists(language).format(items);
}
