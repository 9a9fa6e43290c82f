import { familyOf, standardAliases } from "../../domain/compliance/standards.ts";
import type { ControlSummary, StandardSummary } from "../../domain/compliance/summary.ts";
import { UserError } from "../../errors.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import { languages } from "../../text/language.ts";
import { nearest } from "../../text/likeness.ts";

const say = sentences({
  en: {
    standard: "Standard {{asked}} isn't assigned here. Assigned: {{names}}.",
    "no-standard": "Standard {{asked}} isn't assigned here, and no other one is.",
    control: "{{name}} has no control {{asked}} here.",
    which: "Several standards have a control {{asked}}: {{names}}. Add --standard.",
    "no-control": "No standard that is assigned here has a control {{asked}}.",
  },
  ja: {
    standard: "標準 {{asked}} はここには割り当てられていません。割り当て済み: {{names}}。",
    "no-standard": "標準 {{asked}} を含め、ここにはどの標準も割り当てられていません。",
    control: "{{name}} には、ここではコントロール {{asked}} がありません。",
    which: "コントロール {{asked}} は複数の標準にあります: {{names}}。--standard を指定してください。",
    "no-control": "ここに割り当てられている標準に、コントロール {{asked}} はありません。",
  },
});

const namesShown = 8;

/** The standard that is meant: its name with spaces or dashes, an alias, or the beginning of one name. @throws UserError */
export function findStandard(standards: readonly StandardSummary[], asked: string): StandardSummary {
  const wanted = asked.toLowerCase().replaceAll("-", " ");
  const named = (name: string) => name.toLowerCase().replaceAll("-", " ");
  const alias = Object.entries(standardAliases).find(([word]) => word === asked.toLowerCase())?.[1];
  const match =
    standards.find(({ key, name }) => named(key) === wanted || named(name) === wanted) ??
    (alias && standards.find(({ name }) => alias(name))) ??
    standards.find(({ name }) => familyOf(name) === familyOf(wanted)) ??
    standards.find(({ name }) => wanted.length > 2 && named(name).includes(wanted));
  if (match) return match;
  const names = standards.map(({ name }) => name);
  const near = nearest(
    asked,
    standards.map(({ name }) => name),
  );
  const line = commandLine(["compliance"], near ? { standard: near } : {});
  throw wrong(names.length > 0 ? "standard" : "no-standard", { asked, names }, line);
}

/** The control of the standard, or the only one of this id where no standard is named. @throws UserError */
export function findControl(
  standards: readonly StandardSummary[],
  standard: StandardSummary | undefined,
  asked: string,
): { standard: StandardSummary; control: ControlSummary } {
  const match = (standard ? [standard] : standards).flatMap((one) => {
    const control = one.controls.find(({ id }) => id.toLowerCase() === asked.toLowerCase());
    return control ? [{ standard: one, control }] : [];
  });
  if (match.length === 1) return match[0]!;
  if (standard) {
    const line = commandLine(["compliance"], { standard: standard.key });
    throw wrong("control", { asked, names: [], name: standard.name }, line);
  }
  const names = match.map((one) => one.standard.name);
  const line = match[0] && commandLine(["compliance"], { standard: match[0].standard.key, control: asked });
  throw wrong(match.length > 1 ? "which" : "no-control", { asked, names }, line ?? "compliance");
}

function wrong(
  key: "standard" | "no-standard" | "control" | "which" | "no-control",
  { asked, names, name = "" }: { asked: string; names: readonly string[]; name?: string },
  line: string,
): UserError {
  const said = Object.fromEntries(
    languages.map((language) => [
      language,
      say(language)(key, { asked, name, names: formatItems(names.slice(0, namesShown), language) }),
    ]),
  ) as Record<Language, string>;
  return new UserError(said, line);
}
