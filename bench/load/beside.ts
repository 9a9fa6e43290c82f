import type { Bot } from "../../playground/bot.ts";
import type { Channel } from "../../playground/slack/workspace.ts";
import { type Figure, ms, pause, quantile } from "../figure.ts";
import type { AzureQuestion } from "../peers/azure.ts";
import type { SlackAnswer, SlackQuestion } from "../peers/slack.ts";
import { pressure } from "../pressure.ts";
import { type LoadBed, once, people } from "./bed.ts";

export const subscribed: Channel[] = Array.from({ length: 50 }, (_, index) => ({
  id: `C0LOAD${String(index).padStart(5, "0")}`,
  name: `load-${index}`,
}));
const intervalSeconds = 10;
const given = 10;
const forms = 20;
const config = [
  "schedules:",
  `  alerts: "*/${intervalSeconds} * * * * *"`,
  "channels:",
  ...subscribed.map(({ id }) => `  - { channel: ${id}, topics: [alerts] }`),
].join("\n");

/** New alerts for 50 channels and forms, in one process that polls, delivers and answers 8 × recommendations meanwhile. */
export async function beside(load: LoadBed): Promise<Figure[]> {
  const bot = await load.cold({ config, role: "all" });
  // The first poll says what was there before; it is no new alert.
  await messagesIn(load, 0);
  const before = pressure();
  let over = false;
  const heavy = Promise.all(people.slice(0, 8).map((user) => asking(load, bot, user, () => over)));
  const opened: number[] = [];
  for (let index = 0; index < forms; index++) opened.push(await formOf(load, bot, people[20 + index]!));
  const late: number[] = [];
  for (let index = 0; index < given; index++) {
    await load.bed.azure.ask({ newAlerts: 1 } satisfies AzureQuestion);
    const at = Date.now();
    late.push((await messagesIn(load, at)) - at);
    await pause(1_000 + 700 * index);
  }
  over = true;
  const asked = (await heavy).reduce((sum, count) => sum + count, 0);
  await load.end(bot);
  return [
    once("load-forms", 1000, quantile(opened, 0.99), {
      unit: "ms",
      bound: `p99 of ${forms} forms from the request to views.open, while 8 people ask for recommendations; median ${ms(quantile(opened, 0.5))}`,
      before,
    }),
    once("load-alert-delay", (intervalSeconds + 2) * 1000, quantile(late, 0.95), {
      unit: "ms",
      bound: `p95 of ${given} alerts, from Azure to the last of ${subscribed.length} channels, polled every ${intervalSeconds} s, while 8 people got ${asked} answers; median ${ms(quantile(late, 0.5))}`,
    }),
  ];
}

/** One person who asks again as soon as there is an answer; how many there were. */
async function asking({ typist }: LoadBed, bot: Bot, user: string, isOver: () => boolean): Promise<number> {
  let answers = 0;
  for (; !isOver(); answers++) {
    await typist.say(bot.events, "recommendations", user);
    await pause(500);
  }
  return answers;
}

async function formOf({ bed }: LoadBed, bot: Bot, user: string): Promise<number> {
  const form = { events: bot.events, user, channel: "C0SECURITY1", text: "simulate" };
  return (await bed.slack.ask<SlackAnswer>({ form } satisfies SlackQuestion)).ms;
}

async function messagesIn({ bed }: LoadBed, since: number): Promise<number> {
  const channels = subscribed.map(({ id }) => id);
  return (await bed.slack.ask<SlackAnswer>({ since, channels } satisfies SlackQuestion)).ms;
}
