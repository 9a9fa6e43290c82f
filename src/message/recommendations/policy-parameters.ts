import { parametersOf } from "../../domain/catalogue/policy-parameters.ts";
import type { ParametersInForce } from "../../domain/recommendations/policy-parameters.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Part, Sentence } from "../message.ts";

const say = sentences({
  en: {
    heading: "Parameters of its policy",
    value: "{{title}} in {{subscription}}: {{value}}",
    default: " (default: {{value}})",
    assignment: ", set on “{{assignment}}”. To change it: {{line}}",
    fixed: ", fixed by “{{assignment}}”. To change it, assign the policy by itself.",
    none: "none",
    unassigned: "{{subscription}}: the policy isn't assigned",
    failed: "{{subscription}}: unknown because {{detail}}",
  },
  ja: {
    heading: "ポリシーのパラメーター",
    value: "{{subscription}} の{{title}}: {{value}}",
    default: " (既定値: {{value}})",
    assignment: "、「{{assignment}}」で設定。変更するには: {{line}}",
    fixed: "、「{{assignment}}」で固定。変更するには、ポリシーを単独で割り当ててください。",
    none: "なし",
    unassigned: "{{subscription}}: ポリシーが割り当てられていません",
    failed: "{{subscription}}: 不明 ({{detail}})",
  },
});

const longestValue = 150;

/** Current value and default of each parameter, with the assignment that sets it and the request that changes it. */
export function policyParametersParts(inForce: readonly ParametersInForce[], language: Language): Part[] {
  const lines = inForce.flatMap((one) => linesOf(one, language));
  if (lines.length === 0) return [];
  return [{ sentence: { strong: say(language)("heading") } }, { list: lines }];
}

function linesOf(
  { subscription, policy, assigned, failure }: ParametersInForce,
  language: Language,
): Sentence[] {
  const words = say(language);
  const { name } = subscription;
  if (failure !== undefined) return [words("failed", { subscription: name, detail: failure })];
  if (!assigned) return [words("unassigned", { subscription: name })];
  return parametersOf(policy).flatMap((known): Sentence[] => {
    const there = assigned.parameters.find((one) => one.name === known.name);
    if (!there) return [];
    const title = known.title[language];
    const value = { code: cut(there.value, language) };
    const example = commandLine(["/defender", "enable", `sub:${subscription.id}`, known.word], {
      value: known.example,
    });
    return [
      [
        ...words.rich("value", { title, subscription: name, value }),
        ...(there.default === undefined ? [] : [words("default", { value: cut(there.default, language) })]),
        ...words.rich(there.assigned ? "assignment" : "fixed", {
          assignment: assigned.name,
          line: { code: example },
        }),
      ],
    ];
  });
}

function cut(value: string, language: Language): string {
  if (value === "none") return say(language)("none");
  return value.length <= longestValue ? value : `${value.slice(0, longestValue - 1)}…`;
}
