import { newAlert } from "../estate/estate.ts";
import type { World } from "../world.ts";
import { scanEnds } from "./findings.ts";
import { channels, people, type Step, stepMs } from "./tour.ts";

/** Alerts that name themselves, so that they can be counted wherever they are shown. */
function alertsNamed(world: World, name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const entity = `${name}-${n}-end`;
    newAlert(world.azure.estate, {
      severity: n % 2 ? "High" : "Medium",
      properties: { compromisedEntity: entity },
    });
    return entity;
  });
}

/** How often a channel shows each name: messages, threads and files together. */
export function countShown(
  { slack }: Pick<World, "slack">,
  channel: string,
  names: readonly string[],
): Map<string, number> {
  const texts = slack.messages(channel).map(({ blocks, files, text }) => {
    const contents = (files ?? []).map(({ content }) => content.toString());
    return [blocks ? JSON.stringify(blocks) : text, ...contents].join("\n");
  });
  return new Map(names.map((name) => [name, texts.join("\n").split(name).length - 1]));
}

const allShown = (world: World, channel: string, names: readonly string[]) =>
  [...countShown(world, channel, names).values()].every((count) => count > 0);

async function eachOnce({ world, check }: Parameters<Step["run"]>[0], names: readonly string[]) {
  await world.slack.until(() => allShown(world, channels.security, names), 2 * stepMs);
  const counts = [...countShown(world, channels.security, names)];
  check(
    counts.every(([, count]) => count === 1),
    `each of the ${names.length} alerts is there exactly once`,
  );
}

/** What goes wrong, and what people then see. */
export const faultSteps: Step[] = [
  {
    title: "kill -9 in the middle of a delivery, and a start",
    async run(guide) {
      const { world, note } = guide;
      const names = alertsNamed(world, "killed", 20);
      await world.slack.until(
        () =>
          countShown(world, channels.security, names).size > 0 &&
          world.slack.callsOf("chat.postMessage").length > 0,
        stepMs,
      );
      await world.bot.kill();
      note("killed while 20 alerts were on their way; starting again …");
      await world.restart();
      await eachOnce(guide, names);
    },
  },
  {
    title: "Slack takes a message, and its answer is lost",
    async run(guide) {
      const { world, note } = guide;
      note("two answers are lost on their way; the bot asks the channel's history before it posts again …");
      world.slack.faults.add({
        kind: "lostAnswer",
        method: "chat.postMessage",
        channel: channels.security,
        times: 2,
      });
      const names = alertsNamed(world, "lost", 8);
      await eachOnce(guide, names);
      world.slack.faults.clear();
    },
  },
  {
    title: "Slack throttles",
    async run(guide) {
      const { world, note } = guide;
      note("four calls are answered 429, Retry-After 2 …");
      world.slack.faults.add({ kind: "ratelimited", method: "chat.postMessage", retryAfter: 2, times: 4 });
      await eachOnce(guide, alertsNamed(world, "throttled", 7));
      world.slack.faults.clear();
    },
  },
  {
    title: "Azure does not answer: the admins hear of it once, and again when it works",
    async run({ world, show, check }) {
      const { azure, slack } = world;
      const from = slack.messages(channels.admin).length;
      azure.faults.add({ kind: "status", status: 503 });
      const problem = await slack.until(() => slack.messages(channels.admin)[from], 4 * stepMs);
      show("#breakwater-admin:", problem);
      azure.faults.clear();
      const ended = await slack.until(() => slack.messages(channels.admin)[from + 1], 2 * stepMs);
      show("#breakwater-admin, later:", ended);
      check(slack.messages(channels.admin).length === from + 2, "two messages, not one for every poll");
    },
  },
  {
    title: "One subscription may not be read: the answer names it, the others are there",
    async run({ world, type, check }) {
      const { estate } = world.azure;
      const { subscriptionId, displayName } = estate.subscriptions[0]!;
      const rights = estate.permissions[subscriptionId]!;
      const none = { notActions: [], dataActions: [], notDataActions: [] };
      estate.permissions[subscriptionId] = [{ actions: ["Microsoft.Resources/subscriptions/read"], ...none }];
      estate.revision++;
      // A hunt is read for each who asks; the readings that everyone shares may be some seconds older.
      const answer = await type(people.olivia, channels.security, "hunt api-server-open");
      check(
        JSON.stringify(answer).includes(`couldn't be read: access denied (${displayName})`),
        "the subscription that could not be read is named",
      );
      estate.permissions[subscriptionId] = rights;
      estate.revision++;
    },
  },
  {
    title: "Is the bot itself well? And who did what?",
    async run({ type, check, world }) {
      // The faults before are over for the scans too.
      await scanEnds(world);
      const doctor = await type(people.olivia, channels.security, "doctor");
      check(doctor.text.length > 0, "doctor has an answer in its first line");
      const audit = await type(people.olivia, channels.security, "audit --since 1d");
      check(
        JSON.stringify(audit).includes("approved exemption of"),
        "the audit log has what was done by button",
      );
      await type(people.sam, channels.security, "audit");
    },
  },
];
