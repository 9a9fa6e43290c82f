import type { Answer, Invocation } from "../../definitions/command.ts";
import type { ScenarioDefinition } from "../../definitions/scenario.ts";
import { nearest } from "../../domain/likeness.ts";
import type { ClusterRef, RegistryRef, Run, RunParameters } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Inline, Message } from "../../message/message.ts";
import { targetName } from "../../message/simulations/request.ts";
import type { Ports, Subscription } from "../../ports.ts";
import { aboutOf } from "../../simulations/announce.ts";
import { blocking, preflight } from "../../simulations/checks/preflight.ts";
import { partsOf } from "../../simulations/parts.ts";
import { requestRun } from "../../simulations/request.ts";
import { blockedMessage, refusal, setupMessage } from "./refusals.ts";
import { type Asked, type Choices, missingForm } from "./request-form.ts";
import { allowedClusters, clusterNamed, registryNamed } from "./targets.ts";

const say = sentences({
  en: {
    done: "Requested: {{scenario}} on {{target}}. An approver decides in this channel until {{until}}.",
    note: "Run {{run}}: its message in this channel shows how it goes, and then the report.",
    withdraw: "Withdraw",
  },
  ja: {
    done: "申請しました: {{target}} での {{scenario}}。{{until}} までに、このチャンネルで承認者が判断します。",
    note: "実行 ID は {{run}} です。経過とレポートは、このチャンネルの申請メッセージに表示されます。",
    withdraw: "取り下げ",
  },
});

/** Asks for what is missing, checks, and puts the request down; or says what stands against it. */
export async function requested(
  asked: Asked,
  ports: Ports,
  { caller, language }: Invocation,
): Promise<Answer> {
  const { azure, settings, definitions } = ports;
  const setup = setupMessage(settings, language);
  if (setup) return setup;
  const name = asked.scenario && scenarioNamed(asked.scenario, definitions.scenarios);
  const targets = (await azure.targets()).value;
  const cluster = asked.cluster
    ? clusterNamed(asked.cluster, targets.clusters, settings.simulations)
    : undefined;
  const registry = asked.registry ? registryNamed(asked.registry, targets.registries) : undefined;
  const definition = name ? definitions.scenarios.get(name) : undefined;
  const subscriptions = definition?.target === "subscription" ? (await azure.subscriptions()).value : [];
  const choices: Choices = {
    scenarios: definitions.scenarios,
    clusters: allowedClusters(targets.clusters, settings.simulations),
    registries: targets.registries,
    nodes: await nodesOf(ports, definition, asked, cluster),
    subscriptions,
  };
  const form = missingForm({ ...asked, scenario: name }, choices, language);
  if (form) return { form };
  await assertSeen(caller.channel, ports);
  const parameters = parametersOf(asked, definition!, choices);
  const plan = {
    scenario: name!,
    // A scenario of a subscription touches no cluster, whatever was said.
    ...(cluster && definition!.target !== "subscription" && { cluster }),
    ...(registry && definition!.target === "registry" && { registry }),
    subscription: subscriptionOf(asked, subscriptions, cluster, registry),
    parameters,
  };
  const checked = await preflight(ports, plan);
  if (blocking(checked).length > 0) {
    const { expects } = aboutOf(partsOf(plan, ports)!);
    return blockedMessage(plan, checked, expects, language);
  }
  const run = await requestRun(ports, {
    ...plan,
    reason: asked.reason!,
    requester: caller.person,
    channel: caller.channel,
    preflight: checked,
  });
  return requestedMessage(run, language);
}

function requestedMessage(run: Run, language: Language): Message {
  const words = say(language);
  const until = { time: run.approvable, style: "clock" as const };
  const values = { scenario: run.scenario, target: targetName(run), until };
  return {
    headline: words.rich<Exclude<Inline, string>>("done", values),
    tone: "good",
    parts: [
      { note: words("note", { run: run.id }) },
      { actions: [{ label: words("withdraw"), line: commandLine(["cancel-simulation", run.id]) }] },
    ],
  };
}

function scenarioNamed(word: string, scenarios: ReadonlyMap<string, ScenarioDefinition>): string {
  const names = [...scenarios.keys()];
  const found = names.find((name) => name === word.toLowerCase());
  if (found) return found;
  const near = nearest(word, names);
  throw refusal("no-scenario", { word, names: names.join(", ") }, near ? `simulate ${near}` : "simulate");
}

/** Where the nodes cannot be read, the name is asked for as text; the check before the run tells whether it is there. */
async function nodesOf(
  { clusters }: Pick<Ports, "clusters">,
  definition: ScenarioDefinition | undefined,
  asked: Asked,
  cluster: ClusterRef | undefined,
): Promise<string[] | undefined> {
  if (asked.node || !cluster || !definition?.parameters?.some(({ name }) => name === "node"))
    return undefined;
  try {
    const nodes = await (await clusters.reach(cluster)).nodes();
    return nodes.filter(({ os, ready }) => os !== "windows" && ready).map(({ name }) => name);
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

/** Only what the scenario asks for; @throws UserError where a choice is none of those that it has. */
function parametersOf(
  asked: Asked,
  { parameters = [] }: ScenarioDefinition,
  choices: Choices,
): RunParameters {
  const given = parameters.flatMap(({ name, choices: fixed }) => {
    const value = name === "run-image" ? undefined : (asked[name] ?? fixed?.[0]);
    if (value === undefined) return [];
    if (fixed && !fixed.includes(value)) throw refusal("no-choice", { word: value, names: fixed.join(", ") });
    const registry = name === "registry" ? registryNamed(value, choices.registries).name : undefined;
    return [[name, registry ?? value] as const];
  });
  return Object.fromEntries(given);
}

function subscriptionOf(
  { subscription: word }: Asked,
  all: readonly Subscription[],
  cluster: ClusterRef | undefined,
  registry: RegistryRef | undefined,
): { id: string; name: string } {
  const known = registry?.subscription ?? cluster?.subscription;
  if (known && (!word || all.length === 0)) return known;
  const same = (text: string) => text.toLowerCase() === word?.toLowerCase();
  const found = word ? all.find(({ id, name }) => same(id) || same(name)) : all[0];
  if (!found) throw refusal("no-subscription", { word: word ?? "" });
  return { id: found.id, name: found.name };
}

/** Somebody else has to see the request: a channel, and one that the bot can post to. */
async function assertSeen(channel: string, { chat }: Pick<Ports, "chat">): Promise<void> {
  if (channel.startsWith("D")) throw refusal("place");
  const info = await chat.channel(channel).catch((error: unknown) => {
    if (error instanceof UpstreamError && !error.retryable) return undefined;
    throw error;
  });
  if (!info?.member || info.archived) throw refusal("absent");
}
