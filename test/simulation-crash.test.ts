import { afterAll, beforeAll, expect, it } from "vitest";
import type { Cluster } from "../playground/kubernetes/cluster.ts";
import { kinds } from "../playground/kubernetes/kinds.ts";
import type { Message } from "../playground/slack/message.ts";
import { readMessage } from "../playground/slack/read.ts";
import { firstButton } from "../playground/tour/commands.ts";
import { startWorld, type World } from "../playground/world.ts";

const channel = "C0SECURITY1";
const people = { sam: "U0SAM000001", olivia: "U0OLIVIA001" };
const config = `
schedules:
  alerts: "* * * * * *"
access:
  approvers: [S0APPROVERS]
channels:
  - { channel: ${channel}, topics: [alerts] }
simulations:
  clusters: ["aks-*"]
  refuseTags: []
  verifyMinutes: 0.4
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { live: { factor: 600 } } });
  await world.slack.until(() => world.slack.messages(channel).length > 0, 30_000);
}, 60_000);
afterAll(() => world?.end());

/** Asks for a run and has it approved; its message, as it is now, by `message()`. */
async function approved(scenario: string, cluster: string): Promise<() => Message> {
  const { slack } = world;
  const known = new Set(slack.messages(channel).map(({ ts }) => ts));
  await slack.command({
    user: people.sam,
    channel,
    text: `simulate ${scenario} ${cluster} --reason "proof"`,
  });
  const asked = await slack.until(
    () =>
      slack
        .messages(channel)
        .find(({ ts, text }) => !known.has(ts) && text.includes(`simulate ${scenario} on ${cluster}`)),
    30_000,
  );
  await slack.click({
    user: people.olivia,
    message: asked,
    action_id: firstButton(asked.blocks, /approve$/),
  });
  return () => slack.messages(channel).find(({ ts }) => ts === asked.ts)!;
}
const until = (message: () => Message, words: RegExp) =>
  world.slack.until(() => words.test(message().text) && readMessage(message()), 90_000);
const ofRuns = (cluster: Cluster) =>
  kinds
    .flatMap((kind) => cluster.objects.list(kind))
    .filter(({ metadata }) => metadata.labels?.["breakwater/run"]);

it("killed while it applies, reads the log and removes, and again while it waits, the run comes to its one report", async () => {
  const cluster = await world.azure.clusters.of("aks-demo");
  let from = cluster.requests.length;
  const killed: string[] = [];
  const killWhen = async (name: string, there: () => boolean) => {
    await expect.poll(there, { interval: 5, timeout: 60_000 }).toBe(true);
    await world.bot.kill();
    killed.push(name);
    from = cluster.requests.length;
    await world.restart();
  };
  const asked = (method: string, path: RegExp) => () =>
    cluster.requests
      .slice(from)
      .some((one) => one.method === method && path.test(one.path) && !("dryRun" in one.query));
  world.azure.defender.switches.add({ kind: "delay", alert: /./, minutes: 60 });
  const message = await approved("web-shell", "aks-demo");
  await killWhen("applying", asked("PATCH", /namespaces\/breakwater-simulation\/pods/));
  await killWhen("reading", asked("GET", /\/log$/));
  await killWhen("removing", asked("DELETE", /./));
  await killWhen("waiting", () => ofRuns(cluster).length === 0);
  const report = await until(message, /^Detected/);
  expect(killed).toEqual(["applying", "reading", "removing", "waiting"]);
  expect(ofRuns(cluster)).toEqual([]);
  expect(report).toMatch(/web-shell/);
  const requests = world.slack
    .messages(channel)
    .filter(({ text, thread_ts }) => !thread_ts && /web-shell on aks-demo/.test(text));
  expect(requests).toHaveLength(1);
}, 150_000);

it("a private cluster that cannot be reached takes the same way through Azure's run-command", async () => {
  const cluster = await world.azure.clusters.of("aks-prod-payments");
  const message = await approved("web-shell", "aks-prod-payments");
  const report = await until(message, /^Detected/);
  expect(report).toMatch(/web-shell/);
  expect(ofRuns(cluster)).toEqual([]);
}, 150_000);
