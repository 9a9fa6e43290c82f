import type { Closing } from "../../domain/enablement/closing.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Button } from "../message.ts";

const say = sentences({
  en: { enable: "Request to turn on: {{name}}" },
  ja: { enable: "有効化を申請: {{name}}" },
});

/** A button that requests it; another person approves before anything changes. */
export function closingButton(
  { scope, feature, name }: Closing & { name: string },
  language: Language,
): Button {
  return {
    label: say(language)("enable", { name }),
    line: commandLine(["enable", scope, ...(feature ? [feature] : [])]),
  };
}
