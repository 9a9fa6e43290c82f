import type { Cause } from "../../domain/coverage/causes.ts";
import type { Gap } from "../../domain/coverage/gap.ts";
import { closingsOf } from "../../domain/enablement/closing.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { causeSentence } from "../../message/coverage/cause-texts.ts";
import { fixOf } from "../../message/coverage/fixes.ts";
import { gapSentence } from "../../message/coverage/gap-texts.ts";
import { closingButton } from "../../message/enablement/closing-button.ts";
import type { Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    who: "Who: {{who}}.",
    portal: "Open in portal",
    more_one: "{{count}} more cause: status --csv has them all.",
    more_other: "{{count}} more causes: status --csv has them all.",
    commands_one: "{{count}} more place with the same cause: status --csv has the command for each.",
    commands_other: "{{count}} more places with the same cause: status --csv has the command for each.",
  },
  ja: {
    who: "必要な権限: {{who}}。",
    portal: "ポータルで開く",
    more_other: "ほかに原因が {{count}} 件あります。status --csv ですべて出力します。",
    commands_other: "同じ原因の対象がほかに {{count}} 件あります。コマンドは status --csv で出力します。",
  },
});

const causesShown = 15;
const commandsShown = 3;

/** Each cause with what is wrong, how it is fixed, the commands as a code block, and who can do it. */
export function causesParts(causes: readonly Cause[], portal: string, language: Language): Part[] {
  const left = causes.length - causesShown;
  return [
    ...causes.slice(0, causesShown).flatMap((cause) => causeParts(cause, portal, language)),
    ...(left > 0 ? [{ note: say(language)("more", { count: left }) }] : []),
  ];
}

function causeParts(cause: Cause, portal: string, language: Language): Part[] {
  const words = say(language);
  const [first] = cause.gaps as [Gap, ...Gap[]];
  const fix = fixOf(first, portal, language);
  const commands = cause.gaps
    .slice(0, commandsShown)
    .map((gap) => fixOf(gap, portal, language).command)
    .filter((command) => command !== undefined);
  const left = commands.length > 0 ? cause.gaps.length - commandsShown : 0;
  const how: Sentence = [
    `${gapSentence(first, language)} → ${fix.say}`,
    ...(fix.portal ? [" ", { link: words("portal"), url: fix.portal }] : []),
  ];
  return [
    { sentence: causeSentence(cause, language) },
    { sentence: how },
    ...(commands.length > 0 ? [{ code: [...new Set(commands)].join("\n") }] : []),
    ...(left > 0 ? [{ note: words("commands", { count: left }) }] : []),
    ...(fix.who ? [{ note: words("who", { who: fix.who }) }] : []),
    ...closingParts(cause, language),
  ];
}

/** Buttons that request it, where `enable` can close the gap. */
function closingParts({ gaps }: Cause, language: Language): Part[] {
  const actions = closingsOf(gaps, commandsShown).map((one) => closingButton(one, language));
  return actions.length > 0 ? [{ actions }] : [];
}
