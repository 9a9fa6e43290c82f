import { formatItems } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { optionName } from "./line.ts";
import type { Form, Message } from "./message.ts";

const say = sentences({
  en: { missing: "Something is still missing: {{labels}}.", type: "Type it: {{line}}" },
  ja: { missing: "まだ足りないものがあります: {{labels}}。", type: "次のように入力してください: {{line}}" },
});

/** What a form would have asked, where no modal can be opened: the line to type. */
export function missingMessage(form: Form, language: Language): Message {
  const needed = form.fields.filter(({ optional }) => !optional);
  const options = needed.map((field) => {
    const value = field.kind === "choice" ? field.options.map((option) => option.value).join("|") : "…";
    return `--${optionName(field.name)} ${value}`;
  });
  const labels = formatItems(
    needed.map(({ label }) => label),
    language,
  );
  return {
    headline: say(language)("missing", { labels }),
    tone: "warning",
    parts: [
      {
        sentence: say(language).rich("type", {
          line: { code: `/defender ${form.line} ${options.join(" ")}` },
        }),
      },
    ],
  };
}
