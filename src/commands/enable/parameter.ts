import type { Ports } from "../../definitions/ports.ts";
import type { KnownParameter } from "../../domain/catalogue/policy-parameters.ts";
import type { PlannedStep } from "../../domain/enablement/enablement.ts";
import { parameterSteps } from "../../domain/enablement/parameter-steps.ts";
import type { Planned } from "../../domain/enablement/plan-steps.ts";
import {
  type AssignedPolicy,
  leadingAssignment,
  parameterText,
  parameterValue,
} from "../../domain/recommendations/policy-parameters.ts";
import { UserError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    is: "{{what}} in {{place}}: {{value}}",
    unassigned: "{{what}}: no policy assignment with it holds for {{place}}",
    default: "Default",
    none: "none",
    assignment: "Policy assignment",
    fixed: "The initiative fixes the value: no assignment of it can change it.",
    change: "To change it: {{line}}",
  },
  ja: {
    is: "{{place}} の{{what}}: {{value}}",
    unassigned: "{{what}}: {{place}} に適用されるポリシー割り当てがありません",
    default: "既定値",
    none: "なし",
    assignment: "ポリシー割り当て",
    fixed: "値はイニシアチブで固定されており、割り当てでは変更できません。",
    change: "変更するには: {{line}}",
  },
});

type Place = Pick<PlannedStep, "on" | "subscription">;

/**
 * The change of a policy's parameter; without a value, or where it has that value, the answer that shows it.
 * @throws UserError where the value is none of its kind, UpstreamError where Azure can't be read
 */
export async function askedParameter(
  { on, subscription }: Place,
  { parameter, written }: { parameter: KnownParameter; written?: string },
  { azure }: Pick<Ports, "azure">,
  language: Language,
): Promise<{ planned: Planned } | { answer: Message }> {
  const value = written === undefined ? undefined : textOf(parameter, written);
  const assigned = await azure.policyParameters(subscription.id, parameter.policy);
  const answer = () => ({ answer: shown(subscription, parameter, assigned, language) });
  if (value === undefined) return answer();
  const planned = parameterSteps({ on, subscription, parameter, assigned, value });
  return planned.steps.length + planned.left.length === 0 ? answer() : { planned };
}

function textOf({ kind, title, example }: KnownParameter, written: string): string {
  const value = parameterValue(kind, written);
  if (value !== undefined) return parameterText(value);
  throw new UserError({
    en: `Invalid value “${written.slice(0, 100)}” for --value. ${title.en} takes, for example: ${example}`,
    ja: `--value の値「${written.slice(0, 100)}」は使えません。${title.ja}の例: ${example}`,
  });
}

/** The value in force, its default, and where both come from. */
function shown(
  { id, name: place }: Place["subscription"],
  { word, name, title, example }: KnownParameter,
  assigned: readonly AssignedPolicy[],
  language: Language,
): Message {
  const words = say(language);
  const what = title[language];
  const leading = leadingAssignment(assigned);
  const there = leading?.parameters.find((one) => one.name === name);
  if (!leading || !there)
    return { headline: words("unassigned", { what, place }), tone: "warning", parts: [] };
  const value = there.value === "none" ? words("none") : there.value;
  const facts: [string, Sentence][] = [
    ...(there.default === undefined ? [] : [[words("default"), there.default] as [string, Sentence]]),
    [words("assignment"), leading.name],
  ];
  const line = { code: commandLine(["/defender", "enable", `sub:${id}`, word], { value: example }) };
  return {
    headline: words("is", { what, place, value }),
    tone: "neutral",
    parts: [{ facts }, { note: there.assigned ? words.rich("change", { line }) : words("fixed") }],
  };
}
