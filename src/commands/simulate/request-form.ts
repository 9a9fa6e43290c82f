import type { ScenarioDefinition } from "../../domain/simulations/scenario.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Form, FormField } from "../../message/message.ts";
import type { Subscription } from "../../ports/azure.ts";
import { uniqueName } from "./targets.ts";

const say = sentences({
  en: {
    title: "Simulate an attack",
    intro: "It runs only after another person approves it in this channel.",
    begins: "{{summary}}. {{intro}}",
    submit: "Request",
    cancel: "Cancel",
    scenario: "Scenario",
    cluster: "Cluster",
    "cluster-hint": "Not needed for sample-alerts; optional for vulnerable-image.",
    "cluster-none":
      "No cluster available: every allowed cluster is out of scope or has a tag from simulations.refuseTags.",
    reason: "Reason (shown to the approver)",
    subscription: "Subscription",
  },
  ja: {
    title: "攻撃のシミュレーション",
    intro: "このチャンネルで別の方が承認するまで、何も実行されません。",
    begins: "{{summary}}。{{intro}}",
    submit: "申請する",
    cancel: "キャンセル",
    scenario: "シナリオ",
    cluster: "クラスター",
    "cluster-hint": "sample-alerts では不要、vulnerable-image では省略できます。",
    "cluster-none":
      "使用できるクラスターがありません (許可されたクラスターがすべて対象範囲外か、simulations.refuseTags のタグ付きです)。",
    reason: "理由 (承認者に表示されます)",
    subscription: "サブスクリプション",
  },
});

/** The options given so far. */
export type RequestOptions = Partial<
  Record<"scenario" | "cluster" | "reason" | "registry" | "node" | "image" | "subscription", string>
>;

/** The values to choose from. */
export type Choices = {
  scenarios: ReadonlyMap<string, ScenarioDefinition>;
  clusters: readonly ClusterRef[];
  registries: readonly RegistryRef[];
  /** Linux nodes of the chosen cluster; undefined while unknown or unreadable. */
  nodes?: readonly string[];
  subscriptions?: readonly Subscription[];
};

/** The form for missing input; undefined if nothing is missing. */
export function missingForm(given: RequestOptions, choices: Choices, language: Language): Form | undefined {
  const words = say(language);
  const definition = given.scenario ? choices.scenarios.get(given.scenario) : undefined;
  const fields = [
    ...(given.scenario ? [] : [scenarioField(choices, language)]),
    ...clusterFields(given, definition, choices, language),
    ...(definition ? parameterFields(given, definition, choices, language) : []),
    ...(given.reason ? [] : [reasonField(language)]),
  ];
  if (!fields.some(({ optional }) => !optional)) return undefined;
  // The form completes the line that was typed.
  return {
    title: words("title"),
    line: commandLine("simulate", given),
    intro: definition
      ? words("begins", { summary: definition.texts[language].summary, intro: words("intro") })
      : words("intro"),
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
  given: RequestOptions,
  definition: ScenarioDefinition | undefined,
  { clusters }: Choices,
  language: Language,
): FormField[] {
  const words = say(language);
  // Optional for a registry's scenario, and the first form asked for it.
  if (given.cluster || (definition && definition.target !== "cluster")) return [];
  const options = clusters.map((cluster) => ({
    label: `${cluster.name} · ${cluster.subscription.name}`,
    value: uniqueName(cluster, clusters),
  }));
  const hint = options.length === 0 ? words("cluster-none") : definition ? undefined : words("cluster-hint");
  const about = { name: "cluster", label: words("cluster"), ...(hint && { hint }), optional: !definition };
  return options.length > 0 ? [{ ...about, kind: "choice", options }] : [{ ...about, kind: "text" }];
}

function parameterFields(
  given: RequestOptions,
  { parameters = [], target }: ScenarioDefinition,
  choices: Choices,
  language: Language,
): FormField[] {
  const fields = parameters.flatMap(({ name, label, optional, choices: fixed }): FormField[] => {
    if (given[name] || optional) return [];
    // Nodes can be listed only for a known cluster.
    if (name === "node" && !given.cluster) return [];
    const options = optionsOf(name, fixed, choices);
    const about = { name, label: label[language] };
    return [options.length > 0 ? { ...about, kind: "choice", options } : { ...about, kind: "text" }];
  });
  const subscriptions = choices.subscriptions ?? [];
  const which: FormField[] =
    target === "subscription" && !given.subscription && !given.cluster && subscriptions.length > 1
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
    value: uniqueName(registry, registries),
  }));
}

function reasonField(language: Language): FormField {
  const label = say(language)("reason");
  return { name: "reason", label, kind: "text", multiline: true, maxLength: 300 };
}
