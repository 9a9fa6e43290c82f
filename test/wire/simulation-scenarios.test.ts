import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setSensor } from "../../playground/kubernetes/control/sensor.ts";
import { kinds } from "../../playground/kubernetes/kinds.ts";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";

const [approver, requester] = ["U0OLIVIA001", "U0SAM000001"] as const;
/** A channel takes one message a second: three of them are three times as quick. */
const channelOf = (target: string) =>
  target.startsWith("aks-demo")
    ? "C0SECURITY1"
    : target.startsWith("aks-prod-eu")
      ? "C0PLATFORM1"
      : "C0JAPAN0001";
const config = `
schedules:
  alerts: "*/2 * * * * *"
access:
  operators: [S0OPERATORS]
  approvers: [S0APPROVERS]
simulations:
  clusters: ["aks-*"]
  verifyMinutes: 1
`;

/** Each scenario where it can fire, spread over clusters, which run one at a time; what its report begins with. */
const scenarios: [name: string, target: string, report: RegExp][] = [
  ["web-shell", "aks-prod-payments", /^Detected the expected alert in /],
  ["reconnaissance", "aks-demo", /^Detected all 4 expected alerts in /],
  ["lateral-movement", "aks-prod-eu", /^Detected all 2 expected alerts in /],
  ["secrets-gathering", "aks-demo", /^Detected all 3 expected alerts in /],
  ["crypto-mining", "aks-prod-eu", /^Detected all 5 expected alerts in /],
  ["threat-intelligence-domain", "aks-demo", /^Detected the expected alert in /],
  // Its sensor is the add-on: the alert of the test domain is not expected there.
  ["all", "aks-prod-eu", /^Detected all 11 expected alerts in /],
  ["binary-drift", "aks-demo", /^Detected the expected alert in /],
  ["node-malware", "aks-demo --node NODE", /^Detected the expected alert in /],
  ["vulnerable-image", "--registry contosolab --image nginx:1.14", /^Detected the expected finding in /],
  ["misconfigured-workload", "aks-prod-eu", /^Detected all 8 expected recommendations in /],
  ["sample-alerts", '--subscription "Contoso Production"', /^Detected the expected alert in /],
];

let world: World;
/** The message of each run, by the scenario. */
const asked = new Map<string, { channel: string; ts: string }>();

const now = ({ channel, ts }: { channel: string; ts: string }): Message =>
  world.slack.messages(channel).find((one) => one.ts === ts)!;
const shown = ({ text, blocks }: Message) => `${text}\n${JSON.stringify(blocks ?? "")}`;

async function ask(name: string, target: string): Promise<void> {
  const channel = channelOf(target);
  const typed = await world.slack.command({
    user: requester,
    channel,
    text: `simulate ${name} ${target} --reason "Wire test"`,
  });
  const request = await world.slack.until(() => {
    const refused = typed
      .answers()
      .find(({ text }) => /can't run|don't have permission|Unknown command|Not understood/i.test(text));
    if (refused) throw new Error(shown(refused));
    return world.slack
      .messages(channel)
      .find(({ text }) => text.includes(`Simulation requested: ${name} on`));
  }, 420_000);
  asked.set(name, { channel, ts: request.ts });
  const click = await world.slack.click({ user: approver, message: request, text: "Approve" });
  await world.slack.until(() => click.answers().some(({ text }) => text.startsWith("Approved")), 420_000);
}

/** The report of a scenario: its message, when it is over. */
async function report(name: string): Promise<Message> {
  return world.slack.until(() => {
    const message = now(asked.get(name)!);
    return /^(Detected|Nothing|Failed|Cancelled|Refused|Expired)/.test(message.text) ? message : undefined;
  }, 330_000);
}

async function labelled(name: string): Promise<string[]> {
  const { objects } = await world.azure.clusters.of(name);
  return kinds
    .flatMap((kind) => objects.list(kind))
    .filter(({ metadata }) => metadata.labels?.["breakwater/run"])
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

let testFileSeen = false;
let imageSeen = false;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { live: { factor: 600 } } });
  const demo = await world.azure.clusters.of("aks-demo");
  // DNS detection needs the sensor of the Helm chart.
  setSensor(demo, { form: "helm" });
  const node =
    [...demo.disks.keys()].at(-1) ??
    demo.objects.list(kinds.find(({ kind }) => kind === "Node")!)[0]!.metadata.name;
  const looking = setInterval(() => {
    testFileSeen ||= filesOn(demo).length > 0;
    imageSeen ||= simulatedImages().length > 0;
  }, 20);
  looking.unref();
  await Promise.all(scenarios.map(([name, target]) => ask(name, target.replace("NODE", node))));
}, 600_000);
afterAll(() => world?.end());

type Demo = Awaited<ReturnType<World["azure"]["clusters"]["of"]>>;
const filesOn = ({ disks }: Demo) =>
  [...disks.values()].flatMap((disk) => [...disk.keys()]).filter((path) => /eicar/i.test(path));
const simulatedImages = () =>
  world.azure.estate.contents.images.filter(({ repository }) =>
    repository.startsWith("breakwater-simulation/"),
  );

describe("each scenario, over the wire, from the request to the report", () => {
  it.each(scenarios)("%s on %s", { timeout: 480_000 }, async (name, _target, words) => {
    const message = await report(name);
    expect(shown(message)).toMatch(words);
    expect(shown(message)).not.toContain("is left. It is removed by");
  });

  it("the alerts of a run are in its thread, and none is a message of the channel", {
    timeout: 480_000,
  }, async () => {
    await report("reconnaissance");
    const { channel, ts } = asked.get("reconnaissance")!;
    const isAlert = ({ text }: Message) => text.startsWith("SIMULATION · ");
    const replies = () => world.slack.thread(now({ channel, ts })).filter(isAlert);
    await world.slack.until(() => replies().length >= 4, 180_000);
    expect(new Set(replies().map(({ text }) => text)).size).toBe(replies().length);
    const top = world.slack.messages(channel).filter((one) => one.thread_ts === undefined);
    expect(top.filter(isAlert)).toEqual([]);
  });

  it("nothing of them is left in any cluster", { timeout: 480_000 }, async () => {
    for (const [name] of scenarios) await report(name);
    for (const name of ["aks-demo", "aks-prod-eu", "aks-prod-payments"])
      expect(await labelled(name)).toEqual([]);
  });

  it("node-malware wrote its file on the node, and removed it", { timeout: 480_000 }, async () => {
    await report("node-malware");
    expect(testFileSeen).toBe(true);
    expect(filesOn(await world.azure.clusters.of("aks-demo"))).toEqual([]);
  });

  it("vulnerable-image brought its image into the registry, and removed it", {
    timeout: 480_000,
  }, async () => {
    await report("vulnerable-image");
    expect(imageSeen).toBe(true);
    expect(simulatedImages()).toEqual([]);
  });

  it("a private cluster is reached through Azure, and the request says so", {
    timeout: 480_000,
  }, async () => {
    await report("web-shell");
    const [run] = /r-[a-z0-9]{10}/.exec(shown(now(asked.get("web-shell")!))) ?? [];
    const typed = await world.slack.command({
      user: requester,
      channel: "C0PLATFORM1",
      text: `simulations ${run}`,
    });
    const answers = () => typed.answers().map(shown).join("");
    await world.slack.until(() => answers().includes("AKS run-command"));
    expect(answers()).toContain("Private API server: commands run through Azure");
  });

  it("no log line in Slack holds the beginning of a token", { timeout: 480_000 }, async () => {
    await report("all");
    await report("reconnaissance");
    // Their logs stand in their threads, which have a place of their own in the queue: after the reports, it may be.
    const said = await world.slack.until(() => {
      const channels = ["C0SECURITY1", "C0PLATFORM1"].map((channel) =>
        JSON.stringify(world.slack.messages(channel)),
      );
      return channels.every((messages) => messages.includes("[redacted]")) ? channels : undefined;
    }, 90_000);
    expect(said.join("")).not.toMatch(/eyJ[\w-]{5,}/);
  });
});
