import type { ScenarioDefinition } from "../../definitions/scenario.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Form, FormField } from "../../message/message.ts";
import type { Subscription } from "../../ports.ts";
import { wordFor } from "./targets.ts";

const say = sentences({
  en: {
    title: "Simulate an attack",
    intro: "Nothing runs before somebody else has approved it, in this channel.",
    submit: "Request",
    cancel: "Cancel",
    scenario: "What",
    cluster: "On which cluster",
    "cluster-hint": "sample-alerts needs none, vulnerable-image may go without.",
    "cluster-none":
      "No cluster may be used: all that are allowed carry a tag that refuses it, or are out of scope.",
    reason: "Why (the approver reads it)",
    subscription: "In which subscription",
  },
  ja: {
    title: "攻撃のシミュレーション",
    intro: "このチャンネルで別の方が承認するまで、何も実行されません。",
    submit: "申請する",
    cancel: "キャンセル",
    scenario: "内容",
    cluster: "対象のクラスター",
    "cluster-hint": "sample-alerts では不要、vulnerable-image では省略できます。",
    "cluster-none":
      "使えるクラスターがありません (許可されたクラスターがすべて対象範囲外か、禁止するタグ付きです)。",
    reason: "理由 (承認者に表示されます)",
    subscription: "対象のサブスクリプション",
  },
});

/** What was said so far. */
export type Asked = Partial<
  Record<"scenario" | "cluster" | "reason" | "registry" | "node" | "image" | "subscription", string>
>;

/** What there is to choose from. */
export type Choices = {
  scenarios: ReadonlyMap<string, ScenarioDefinition>;
  clusters: readonly ClusterRef[];
  registries: readonly RegistryRef[];
  /** Linux nodes of the chosen cluster; undefined where they are not known yet, or cannot be read. */
  nodes?: readonly string[];
  subscriptions?: readonly Subscription[];
};

/** The form for what is still missing; undefined where nothing is. */
export function missingForm(asked: Asked, choices: Choices, language: Language): Form | undefined {
  const words = say(language);
  const definition = asked.scenario ? choices.scenarios.get(asked.scenario) : undefined;
  const fields = [
    ...(asked.scenario ? [] : [scenarioField(choices, language)]),
    ...clusterFields(asked, definition, choices, language),
    ...(definition ? parameterFields(asked, definition, choices, language) : []),
    ...(asked.reason ? [] : [reasonField(language)]),
  ];
  if (!fields.some(({ optional }) => !optional)) return undefined;
  // What was said stays in the line that the form completes.
  return {
    title: words("title"),
    line: commandLine("simulate", asked),
    intro: definition ? `${definition.texts[language].summary}. ${words("intro")}` : words("intro"),
    submit: words("submit"),
    cancel: words("cancel"),
    fields,
  };
}

function scenarioField({ scenarios }: Choices, language: Language): FormField {
  const options = [...scenarios].map(([value, { texts }]) => ({
    label: `${value}: ${texts[language].summary}`,
    value,
  }));
  return { name: "scenario", label: say(language)("scenario"), kind: "choice", options };
}

function clusterFields(
  asked: Asked,
  definition: ScenarioDefinition | undefined,
  { clusters }: Choices,
  language: Language,
): FormField[] {
  const words = say(language);
  // A registry's scenario goes without; where one was wanted, it was said in the first form.
  if (asked.cluster || (definition && definition.target !== "cluster")) return [];
  const options = clusters.map((cluster) => ({
    label: `${cluster.name} · ${cluster.subscription.name}`,
    value: wordFor(cluster, clusters),
  }));
  const hint = options.length === 0 ? words("cluster-none") : definition ? undefined : words("cluster-hint");
  const about = { name: "cluster", label: words("cluster"), ...(hint && { hint }), optional: !definition };
  return options.length > 0 ? [{ ...about, kind: "choice", options }] : [{ ...about, kind: "text" }];
}

function parameterFields(
  asked: Asked,
  { parameters = [], target }: ScenarioDefinition,
  choices: Choices,
  language: Language,
): FormField[] {
  const fields = parameters.flatMap(({ name, label, optional, choices: fixed }): FormField[] => {
    if (name === "run-image" || asked[name] || optional) return [];
    // Nodes are those of a cluster: asked for when it is known.
    if (name === "node" && !asked.cluster) return [];
    const options = optionsOf(name, fixed, choices);
    const about = { name, label: label[language] };
    return [options.length > 0 ? { ...about, kind: "choice", options } : { ...about, kind: "text" }];
  });
  const subscriptions = choices.subscriptions ?? [];
  const which: FormField[] =
    target === "subscription" && !asked.subscription && !asked.cluster && subscriptions.length > 1
      ? [
          {
            name: "subscription",
            label: say(language)("subscription"),
            kind: "choice",
            options: subscriptions.map(({ id, name }) => ({ label: name, value: id })),
          },
        ]
      : [];
  return [...fields, ...which];
}

function optionsOf(
  name: "registry" | "node" | "image",
  fixed: readonly string[] | undefined,
  { registries, nodes = [] }: Choices,
): { label: string; value: string }[] {
  if (fixed) return fixed.map((value) => ({ label: value, value }));
  if (name === "node") return nodes.map((value) => ({ label: value, value }));
  if (name !== "registry") return [];
  return registries.map((registry) => ({
    label: `${registry.name} · ${registry.subscription.name}`,
    value: wordFor(registry, registries),
  }));
}

function reasonField(language: Language): FormField {
  const label = say(language)("reason");
  return { name: "reason", label, kind: "text", multiline: true, maxLength: 300 };
}
