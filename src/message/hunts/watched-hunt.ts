import type { HuntWatch } from "../../domain/hunts/hunt-watch.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Button, Sentence } from "../message.ts";

const say = sentences({
  en: { by: "by {{who}}, {{when}}", end: "Stop watching {{name}}", trouble: "can't be compared now" },
  ja: { by: "{{who}} が {{when}} に設定", end: "{{name}} の監視を終了", trouble: "現在は比較できません" },
});

type Watched = Pick<HuntWatch, "hunt" | "scope" | "cve">;

/** `api-server-open sub:prod-*`. */
export function watchedName({ hunt, scope, cve }: Watched): string {
  return [hunt, scope ? scopeText(scope) : "", cve ?? ""].filter(Boolean).join(" ");
}

/** The command line that runs it, or (with options) watches it or ends that. */
export function watchedLine(
  { hunt, scope, cve }: Watched,
  options: { unwatch?: true; csv?: true } = {},
): string {
  return commandLine(["hunt", hunt, ...(scope ? [scopeText(scope)] : [])], { cve, ...options });
}

/** `api-server-open sub:prod-* · by @Ann, 08:00`: what is watched, and who asked for it. */
export function watchedSentence(watch: HuntWatch, language: Language): Sentence {
  const words = say(language);
  const about = { who: { person: watch.by }, when: { time: watch.at } };
  return [
    { strong: watchedName(watch) },
    ` · ${watch.about.title[language]} · `,
    ...words.rich("by", about),
    ...(watch.trouble ? [` · ${words("trouble")}`] : []),
  ];
}

export function endWatchButton(watch: Watched, language: Language): Button {
  return {
    label: say(language)("end", { name: watchedName(watch) }),
    line: watchedLine(watch, { unwatch: true }),
  };
}
