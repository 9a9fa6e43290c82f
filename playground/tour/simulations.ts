import { kinds } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/object.ts";
import type { Message } from "../slack/message.ts";
import { readMessage } from "../slack/read.ts";
import type { World } from "../world.ts";
import { firstButton } from "./commands.ts";
import { channels, type Guide, isWorking, people, print, type Step, stepMs } from "./tour.ts";

/** A run is as long as the wait for Defender, and a little more. */
const runMs = 120_000;

/** What lets simulations run in the demo: in the yaml, minutes of the bot are minutes. */
export const simulationConfig = `
simulations:
  clusters: ["aks-*"]
  verifyMinutes: 1.5
`;

/** The message of a request in a channel, as it is now: it becomes the progress and the report. */
function runMessage({ slack }: World, asked: Pick<Message, "ts">): Message | undefined {
  return slack.messages(channels.security).find(({ ts }) => ts === asked.ts);
}

async function request({ type, world, show }: Guide, scenario: string, cluster: string): Promise<Message> {
  await type(people.sam, channels.security, `simulate ${scenario} ${cluster} --reason "Quarterly proof"`);
  const asked = await world.slack.until(() => {
    const messages = world.slack.messages(channels.security);
    return messages.findLast(({ text }) => text.includes(`Simulation requested: ${scenario} on ${cluster}`));
  }, stepMs);
  show("#security, for everybody:", asked);
  return asked;
}

/** Presses the button that carries this command line, and prints what the person sees then. */
export async function press(
  { world }: Guide,
  user: string,
  message: Message,
  [label, line]: readonly [label: string, line: RegExp],
): Promise<Message> {
  const button = firstButton(message.blocks, line);
  const pressed = await world.slack.click({ user, message, ...button });
  const answer = await world.slack.until(() => pressed.answers().findLast((one) => !isWorking(one)), stepMs);
  print(`\n  ${user === people.olivia ? "olivia" : "sam"} presses [ ${label} ]:`);
  print(`  │ ${readMessage(answer).split("\n").join("\n  │ ")}`);
  return answer;
}

async function reported({ world, show }: Guide, asked: Message, words: RegExp) {
  const report = await world.slack.until(() => {
    const message = runMessage(world, asked);
    return message && words.test(message.text) ? message : undefined;
  }, runMs);
  const followed = () =>
    world.slack.thread(report).some(({ text, blocks }) => /Done/.test(text + JSON.stringify(blocks ?? "")));
  await world.slack.until(followed, stepMs);
  show("The same message, when it is over, with its thread:", report);
  return report;
}

export const approve = ["Approve", /^approval .* approve$/] as const;
const dismiss = ["Dismiss 4 alerts", /^dismiss-simulation /] as const;
const ofARun = ({ metadata }: KubeObject) => metadata.labels?.["breakwater/run"] !== undefined;

/** An attack on purpose: asked for, approved by another, run, seen by Defender, reported, removed. */
export const simulationSteps: Step[] = [
  {
    title: "Does Defender see an attack? Requested by one, approved by another, run, detected, reported",
    async run(guide) {
      const { world, check, show } = guide;
      const asked = await request(guide, "reconnaissance", "aks-demo");
      const own = await press(guide, people.sam, asked, approve);
      check(/Only approvers can/.test(own.text), "a person without that permission can't approve");
      await press(guide, people.olivia, asked, approve);
      const report = await reported(guide, asked, /^Detected all 4 expected alerts/);
      check(report.edited !== undefined, "one message from the request to the report");
      const cluster = await world.azure.clusters.of("aks-demo");
      const left = kinds.flatMap((kind) => cluster.objects.list(kind)).filter(ofARun);
      check(left.length === 0, "nothing of it is left in the cluster");
      const badge = await world.slack.until(
        () => world.slack.thread(report).find(({ text }) => text.includes("SIMULATION")),
        stepMs,
      );
      show("An alert that it caused, in the run's thread:", badge);
      await press(guide, people.olivia, report, dismiss);
    },
  },
  {
    title: "The same where no sensor is: what cannot fire is not called missing",
    async run(guide) {
      const asked = await request(guide, "web-shell", "aks-juchu");
      await press(guide, people.olivia, asked, approve);
      const report = await reported(guide, asked, /^Can't be detected here/);
      guide.check(JSON.stringify(report.blocks).includes("no sensor"), "the report says why: no sensor");
    },
  },
  {
    title: "What have we proved so far?",
    async run({ type, check }) {
      const answer = await type(people.olivia, channels.security, "simulations");
      check(/2 simulations/.test(answer.text), "both runs are in the history");
    },
  },
  {
    title: "Which techniques of an attack are proven to be detected, and where?",
    async run({ type, check, world }) {
      const answer = await type(people.olivia, channels.security, "status --attack");
      check(
        /Detection proven for [1-9]\d* of 40 techniques/.test(answer.text),
        "the simulations above are proof",
      );
      const names = () => [...world.slack.state.files.values()].map(({ name }) => name).join(" ");
      await world.slack.until(() => /attack-layer-\S+\.json/.test(names()), stepMs);
      check(true, "a layer for ATT&CK Navigator is attached");
    },
  },
  {
    title:
      "Suppress a noisy alert for a week: before and after, approved by another person, listed with its end",
    async run(guide) {
      const { type, check } = guide;
      const line =
        'suppress K8S.NODE_DigitalCurrencyMining cluster:aks-demo --for 7d --reason "Mining benchmark"';
      await approved(guide, line, [/^Suppression requested/, /^Suppressed: /]);
      const list = await type(people.sam, channels.security, "exemptions");
      check(
        /4 suppressions and exemptions in force/.test(list.text),
        "its rule, and those made in the portal",
      );
    },
  },
  {
    title: "Exempt one cluster from a recommendation for a month, approved by another person",
    async run(guide) {
      const line =
        'exempt "Diagnostic logs in Kubernetes services should be enabled" cluster:aks-demo --for 30d --reason "Rebuilt in March"';
      await approved(guide, line, [/^Exemption requested/, /^Exempt: /]);
      const { standardAssignments } = guide.world.azure.estate;
      guide.check(standardAssignments.length === 1, "Azure has it as an exemption of the standard");
    },
  },
];

/** A request of Sam's that Olivia approves: its message before and after. */
async function approved(guide: Guide, line: string, [before, after]: [RegExp, RegExp]): Promise<void> {
  const { type, world, show } = guide;
  await type(people.sam, channels.security, line);
  const find = (words: RegExp) =>
    world.slack.until(
      () => world.slack.messages(channels.security).findLast(({ text }) => words.test(text)),
      stepMs,
    );
  const asked = await find(before);
  show("#security, for everybody:", asked);
  await press(guide, people.olivia, asked, approve);
  show("The same message:", await find(after));
}
