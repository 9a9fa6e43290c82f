import type { Alert, CausedBy } from "../../domain/alerts/alert.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline } from "../message.ts";
import { entityBeside } from "./alert.ts";
import { tacticsText } from "./tactics.ts";

const say = sentences({
  en: {
    simulation: "SIMULATION",
    "simulation-likely": "SIMULATION?",
    "simulation-note": "No action needed (simulation {{scenario}}, run {{run}}).",
    "likely-note":
      "Probably caused by simulation {{scenario}} (run {{run}}): type, cluster and time match, but it names nothing that the run created. Check before you close it.",
    detected: "Detected {{at}}",
    reported: "reported by Defender {{at}}",
    "reported-first": "Reported by Defender {{at}}",
    posted: "posted {{at}} ({{lag}} after detection)",
    "posted-only": "Posted {{at}}",
  },
  ja: {
    simulation: "シミュレーション",
    "simulation-likely": "シミュレーション?",
    "simulation-note": "シミュレーション {{scenario}} (実行 {{run}}) によるものです。対応は不要です。",
    "likely-note":
      "シミュレーション {{scenario}} (実行 {{run}}) によるものと思われます。種類、クラスター、時刻は一致しますが、実行が作成したものの名前を含みません。閉じる前に確認してください。",
    detected: "検出 {{at}}",
    reported: "Defender が報告 {{at}}",
    "reported-first": "Defender が報告 {{at}}",
    posted: "投稿 {{at}} (検出から {{lag}})",
    "posted-only": "投稿 {{at}}",
  },
});

/** `SIMULATION`, or `SIMULATION?` where the run is only likely. */
export function simulationBadge({ likely }: CausedBy, language: Language): string {
  return say(language)(likely ? "simulation-likely" : "simulation");
}

/** Which run caused it, and whether anything is to be done. */
export function simulationNote({ likely, scenario, run }: CausedBy, language: Language): string {
  return say(language)(likely ? "likely-note" : "simulation-note", { scenario, run });
}

/** `default/redis-7c9d8 · Credential Access · Contoso Production`: what the headline has no room for. */
export function whatAndWhere(alert: Alert, language: Language): string {
  const { namespace, workload, tactics, place } = alert;
  return [
    [namespace, workload].filter(Boolean).join("/"),
    entityBeside(alert),
    tacticsText(tactics, language),
    place.subscription.name,
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * When it was detected, when Defender reported it, and when it was posted: three clocks, each said as such.
 *
 * @param posted undefined where the time of posting is left out
 */
export function alertTimes(
  { start, generated }: Alert,
  posted: string | undefined,
  language: Language,
): Inline[] {
  const words = say(language);
  const time = (key: "detected" | "reported" | "reported-first" | "posted-only", at: string) =>
    words.rich(key, { at: { time: at } });
  const first = start ?? generated;
  if (first === undefined) return posted ? time("posted-only", posted) : [];
  const known = [
    ...(start ? time("detected", start) : []),
    ...(generated ? [start ? " · " : "", ...time(start ? "reported" : "reported-first", generated)] : []),
  ];
  if (!posted) return known;
  const lag = formatDuration(Math.max(0, Date.parse(posted) - Date.parse(first)), language);
  return [...known, " · ", ...words.rich("posted", { at: { time: posted }, lag })];
}
