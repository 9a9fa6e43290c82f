import { setTimeout } from "node:timers/promises";
import { type Alert, changeAlert, newAlert } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import type { World } from "../world.ts";
import { firstButton } from "./commands.ts";
import { channels, people, type Step, stepMs } from "./tour.ts";

let watched: Alert | undefined;

/** What channels receive. */
export const feedSteps: Step[] = [
  {
    title: "Subscribe: first what it would have sent, then for good",
    async run({ type, check, show, world }) {
      await type(people.olivia, channels.security, "subscribe alerts --severity medium --preview");
      await type(people.olivia, channels.security, "subscribe alerts --severity medium");
      const test = await world.slack.until(
        () => world.slack.messages(channels.security).find(({ text }) => text.includes("Test message")),
        stepMs,
      );
      show("#security receives:", test);
      check(true, "the subscription confirmed itself with a test message");
      await type(
        people.akira,
        channels.japan,
        'subscribe alerts --scope "sub:本番環境*" --scope cluster:aks-demo --language ja',
      );
    },
  },
  {
    title: "A new alert arrives",
    async run({ world, check, show }) {
      const { azure, slack } = world;
      const cluster = azure.estate.clusters.find(({ name }) => name === "aks-demo");
      watched = newAlert(azure.estate, {
        alertType: "K8S.NODE_ImdsCall",
        cluster,
        severity: "Medium",
        namespace: "shop",
        workload: "checkout",
      });
      const id = String(watched.properties.systemAlertId);
      for (const channel of [channels.security, channels.japan]) {
        const message = await slack.until(
          () => slack.messages(channel).find((one) => mentions(one, id)),
          stepMs,
        );
        show(`#${slack.state.channels.get(channel)?.name} receives:`, message);
      }
      check(true, "both subscribed channels have it, each in its language");
    },
  },
  {
    title: "An operator acknowledges it with a button; a person without that permission can't",
    async run({ world, check, show }) {
      const { slack } = world;
      const id = String(watched?.properties.systemAlertId);
      const message = slack.messages(channels.security).find((one) => mentions(one, id));
      const take = firstButton(message?.blocks, / take$/);
      if (!message || !take) return check(false, "the alert has a button to acknowledge it");
      const refused = await slack.click({ user: people.sam, message, ...take });
      show("Sam, who is no operator, sees:", await slack.until(() => refused.answers().at(-1), stepMs));
      check(watched?.properties.status === "Active", "the alert in Azure was not touched");
      await slack.click({ user: people.olivia, message, ...take });
      const edited = await slack.until(
        () => slack.messages(channels.security).find((one) => mentions(one, id) && one.edited),
        stepMs,
      );
      check(watched?.properties.status === "InProgress", "the alert in Azure is in progress");
      await slack.until(() => slack.thread(edited).length > 0, stepMs);
      show("The same message, edited in place:", edited);
    },
  },
  {
    title: "It is resolved in the portal: the message follows",
    async run({ world, check, show }) {
      const { azure, slack } = world;
      if (!watched) return check(false, "an alert is watched");
      const id = String(watched.properties.systemAlertId);
      changeAlert(azure.estate, watched, { status: "Resolved" });
      const edited = await slack.until(
        () =>
          slack.messages(channels.security).find((one) => mentions(one, id) && one.text.includes("Resolved")),
        stepMs,
      );
      await slack.until(() => slack.thread(edited).length > 1, stepMs);
      show("#security:", edited);
      check(
        slack.messages(channels.security).filter((one) => !one.thread_ts && mentions(one, id)).length === 1,
        "there is still one message for it",
      );
    },
  },
  {
    title: "Twelve alerts in one poll: one message, and the rest in its thread",
    async run({ world, check, show }) {
      const { azure, slack } = world;
      const before = new Set(topLevel(world, channels.security).map(({ ts }) => ts));
      const alerts = Array.from({ length: 12 }, (_, n) =>
        newAlert(azure.estate, {
          severity: n < 3 ? "High" : "Medium",
          properties: { compromisedEntity: `burst-${n}` },
        }),
      );
      const message = await slack.until(
        () => topLevel(world, channels.security).find(({ ts }) => !before.has(ts)),
        stepMs,
      );
      await slack.until(() => slack.thread(message).length > 0, stepMs);
      show("#security receives:", message);
      const listed = JSON.stringify(slack.thread(message).map(({ blocks }) => blocks));
      const once = alerts.every(
        ({ properties }) => listed.split(`"${String(properties.compromisedEntity)}"`).length === 2,
      );
      check(once, "every one of the twelve is listed once in the thread");
    },
  },
  {
    title: "The same again within the hour: no new message, a count",
    async run({ world, check, show }) {
      const { azure, slack } = world;
      const cluster = azure.estate.clusters.find(({ name }) => name === "aks-prod-web");
      const wish = { alertType: "K8S_ExposedDashboard", cluster, severity: "High" };
      const first = newAlert(azure.estate, wish);
      const id = String(first.properties.systemAlertId);
      const message = await slack.until(
        () => topLevel(world, channels.security).find((one) => mentions(one, id)),
        stepMs,
      );
      newAlert(azure.estate, wish);
      const edited = await slack.until(
        () => topLevel(world, channels.security).find(({ ts, edited }) => ts === message.ts && edited),
        stepMs,
      );
      await slack.until(() => slack.thread(edited).length > 0, stepMs);
      show("#security:", edited);
      check(/\b2 times\b/.test(edited.text), "the message counts two");
    },
  },
  {
    title: "Mute for a while",
    async run({ type, check, show, world }) {
      const { azure, slack } = world;
      const answer = await type(people.olivia, channels.security, 'mute "K8S_DeleteEvents" --for 4h');
      check(answer.ephemeralTo === people.olivia, "the mute is confirmed");
      const muted = newAlert(azure.estate, { alertType: "K8S_DeleteEvents", severity: "High" });
      await pollEnds(world);
      await type(people.olivia, channels.security, "subscriptions");
      await type(people.olivia, channels.security, "unmute");
      const ended = await slack.until(
        () => topLevel(world, channels.security).find(({ text }) => text.startsWith("Mute ended")),
        stepMs,
      );
      show("#security receives:", ended);
      check(/Mute ended: 1 notification was muted/.test(ended.text), "what was kept out is counted");
      const id = String(muted.properties.systemAlertId);
      check(!topLevel(world, channels.security).some((one) => mentions(one, id)), "and was not posted");
    },
  },
];

/** Waits until a poll has begun and ended: what happened before it is then in the outboxes. */
async function pollEnds({ bot }: World): Promise<void> {
  const polls = async () =>
    Number(/^breakwater_poll_seconds_count\S* (\d+)/m.exec(await bot.metrics())?.[1] ?? 0);
  const before = await polls();
  for (const until = Date.now() + stepMs; (await polls()) < before + 2; await setTimeout(50))
    if (Date.now() > until) throw new Error("no poll ended");
}

/** Messages of a channel outside threads. */
export function topLevel({ slack }: Pick<World, "slack">, channel: string): Message[] {
  return slack.messages(channel).filter(({ thread_ts, ts }) => !thread_ts || thread_ts === ts);
}

/** True where a message is about this alert: its buttons and links name it. */
export function mentions(message: { text: string; blocks?: unknown }, id: string): boolean {
  return JSON.stringify(message).includes(id);
}
