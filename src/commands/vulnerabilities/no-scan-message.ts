import type { Settings } from "../../domain/settings.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../../message/message.ts";

const say = sentences({
  en: {
    none: "No scan has been read yet",
    due: "The findings are read at {{cron}} ({{timezone}}), as schedules.rescan says, and this command answers from then on.",
    doctor: "Run doctor",
  },
  ja: {
    none: "まだスキャン結果を読み取っていません",
    due: "検出結果は schedules.rescan のとおり {{cron}} ({{timezone}}) に読み取ります。以後、このコマンドで回答できます。",
    doctor: "doctor を実行",
  },
});

/** Nothing is known yet: says when it will be. */
export function noScanMessage(
  { rescan, timezone }: Pick<Settings["schedules"], "rescan" | "timezone">,
  language: Language,
): Message {
  const words = say(language);
  return {
    headline: words("none"),
    tone: "neutral",
    parts: [
      { sentence: words.rich("due", { cron: { code: rescan }, timezone }) },
      { actions: [{ label: words("doctor"), line: "doctor" }] },
    ],
  };
}
