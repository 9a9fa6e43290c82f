import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { auditedRun } from "../../domain/audit.ts";
import type { Read } from "../../domain/reading/reading.ts";
import type { ScenarioDefinition } from "../../domain/simulations/scenario.ts";
import {
  type ClusterRef,
  type RegistryRef,
  type Run,
  type RunParameters,
  targetName,
} from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import type { Subscription } from "../../ports/azure.ts";
import { assertSeenByApprovers } from "../../readings/reachable.ts";
import { aboutOf } from "../../simulations/announce.ts";
import { blocking, preflight } from "../../simulations/checks/preflight.ts";
import { partsOf } from "../../simulations/parts.ts";
import { requestRun } from "../../simulations/request.ts";
import { nearest } from "../../text/likeness.ts";
import { blockedMessage, notFound, refusal, setupMessage } from "./refusals.ts";
import { type Choices, missingForm, type RequestOptions } from "./request-form.ts";
import { allowedClusters, findCluster, findRegistry } from "./targets.ts";

const say = sentences({
  en: {
    done: "Requested: {{scenario}} on {{target}}",
    decide: "An approver must decide in this channel by {{until}}.",
    note: "Run {{run}}: progress and the report appear in the request's message in this channel.",
    withdraw: "Withdraw",
  },
  ja: {
    done: "申請しました: {{target}} での {{scenario}}",
    decide: "{{until}} までに、このチャンネルで承認者が判断します。",
    note: "実行 ID は {{run}} です。経過とレポートは、このチャンネルの申請メッセージに表示されます。",
    withdraw: "取り消し",
  },
});

/** Opens a form for missing input, runs the preflight and stores the request, or says what blocks it. */
export async function requestSimulation(
  options: RequestOptions,
  ports: Ports,
  { caller, language, audit }: Invocation,
): Promise<Answer> {
  const { azure, settings, definitions } = ports;
  const setup = setupMessage(settings, language);
  if (setup) {
    audit("no-change");
    return setup;
  }
  // Before a form is filled in.
  await assertSeenByApprovers(caller, ports.chat);
  const name = options.scenario && findScenario(options.scenario, definitions.scenarios);
  const { value: targets, unread } = await azure.targets();
  const cluster = options.cluster
    ? findCluster(options.cluster, targets.clusters, settings.simulations, unread)
    : undefined;
  const registry = options.registry ? findRegistry(options.registry, targets.registries, unread) : undefined;
  const definition = name ? definitions.scenarios.get(name) : undefined;
  const listed = definition?.target === "subscription" ? await azure.subscriptions() : undefined;
  const subscriptions = listed?.value ?? [];
  const choices: Choices = {
    scenarios: definitions.scenarios,
    clusters: allowedClusters(targets.clusters, settings.simulations),
    registries: targets.registries,
    nodes: await nodesOf(ports, definition, options, cluster),
    subscriptions,
  };
  const form = missingForm({ ...options, scenario: name }, choices, language);
  if (form) return { form };
  const parameters = parametersOf(options, definition!, choices);
  const plan = {
    scenario: name!,
    // A scenario of a subscription touches no cluster, even if one was given.
    ...(cluster && definition!.target !== "subscription" && { cluster }),
    ...(registry && definition!.target === "registry" && { registry }),
    subscription: subscriptionOf(
      options,
      { value: subscriptions, unread: listed?.unread ?? [] },
      cluster,
      registry,
    ),
    parameters,
  };
  const checked = await preflight(ports, plan);
  if (blocking(checked).length > 0) {
    audit("no-change");
    const { expects } = aboutOf(partsOf(plan, ports)!);
    return blockedMessage(plan, checked, expects, language);
  }
  const { run, again } = await requestRun(ports, {
    ...plan,
    reason: options.reason!,
    requester: caller.person,
    channel: caller.channel,
    preflight: checked,
  });
  if (again) audit(auditedRun("no-change", run));
  return requestedMessage(run, language);
}

function requestedMessage(run: Run, language: Language): Message {
  const words = say(language);
  const until = { time: run.approvable, style: "clock" as const };
  return {
    headline: words("done", { scenario: run.scenario, target: targetName(run) }),
    tone: "good",
    parts: [
      { sentence: words.rich("decide", { until }) },
      { note: words("note", { run: run.id }) },
      { actions: [{ label: words("withdraw"), line: commandLine(["cancel-simulation", run.id]) }] },
    ],
  };
}

function findScenario(word: string, scenarios: ReadonlyMap<string, ScenarioDefinition>): string {
  const names = [...scenarios.keys()];
  const scenario = names.find((name) => name === word.toLowerCase());
  if (scenario) return scenario;
  const near = nearest(word, names);
  throw refusal("no-scenario", { word, names: names.join(", ") }, near ? `simulate ${near}` : "simulate");
}

/** Undefined if the nodes can't be read: then the form has a text field, and the preflight checks the name. */
async function nodesOf(
  { clusters }: Pick<Ports, "clusters">,
  definition: ScenarioDefinition | undefined,
  options: RequestOptions,
  cluster: ClusterRef | undefined,
): Promise<string[] | undefined> {
  if (options.node || !cluster || !definition?.parameters?.some(({ name }) => name === "node"))
    return undefined;
  try {
    const nodes = await (await clusters.reach(cluster)).nodes();
    return nodes.filter(({ os, ready }) => os !== "windows" && ready).map(({ name }) => name);
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

/** The parameters that the scenario declares; @throws UserError for an invalid value. */
function parametersOf(
  options: RequestOptions,
  { parameters = [] }: ScenarioDefinition,
  choices: Choices,
): RunParameters {
  const given = parameters.flatMap(({ name, choices: fixed }) => {
    const value = options[name] ?? fixed?.[0];
    if (value === undefined) return [];
    if (fixed && !fixed.includes(value)) throw refusal("no-choice", { word: value, names: fixed.join(", ") });
    const registry = name === "registry" ? findRegistry(value, choices.registries).name : undefined;
    return [[name, registry ?? value] as const];
  });
  return Object.fromEntries(given);
}

function subscriptionOf(
  { subscription: word }: RequestOptions,
  { value: all, unread }: Pick<Read<readonly Subscription[]>, "value" | "unread">,
  cluster: ClusterRef | undefined,
  registry: RegistryRef | undefined,
): { id: string; name: string } {
  const known = registry?.subscription ?? cluster?.subscription;
  if (known && (!word || all.length === 0)) return known;
  const same = (text: string) => text.toLowerCase() === word?.toLowerCase();
  const match = word ? all.find(({ id, name }) => same(id) || same(name)) : all[0];
  if (!match) {
    const near =
      word &&
      nearest(
        word,
        all.map((one) => one.name),
      );
    const example = near && commandLine(["simulate", "sample-alerts"], { subscription: near });
    throw notFound("no-subscription", word ?? "", { unread, ...(example && { example }) });
  }
  return { id: match.id, name: match.name };
}
