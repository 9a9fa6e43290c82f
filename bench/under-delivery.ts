import type { Bot } from "../playground/bot.ts";
import { type Channel, exampleWorkspace } from "../playground/slack/workspace.ts";
import { openBed } from "./bed.ts";
import { openBursts } from "./bursts.ts";
import { eventually, type Figure, median, ms, pause, quantile } from "./figure.ts";

const pairs = 5;
const burstsAtRest = 6;
const warmUps = 6;
const alerts = 1000;
const watchedMs = 10_000;

const channels: Channel[] = Array.from({ length: 10 }, (_, index) => ({
  id: `C0BENCH${String(index).padStart(4, "0")}`,
  name: `bench-${index}`,
}));
const config = `
schedules:
  alerts: "*/2 * * * * *"
channels:
${channels.map(({ id }) => `  - { channel: ${id}, topics: [alerts] }`).join("\n")}
`;

/** The same bursts of commands while 1,000 alerts are delivered to 10 channels, against those at rest. */
export async function underDelivery(): Promise<Figure[]> {
  const bed = await openBed({
    estate: { subscriptions: 3, clusters: 6, alerts: 40 },
    workspace: { ...exampleWorkspace, channels: [...exampleWorkspace.channels, ...channels] },
  });
  const [bursts, bot] = await Promise.all([openBursts(bed.env.SLACK_SIGNING_SECRET!), bed.bot({ config })]);
  try {
    await bot.ready();
    await eventually("the first poll", async () => (await counted(bot, "notifications_posted_total")) >= 10);
    await delivered(bot);
    for (let index = 0; index < warmUps; index++) await bursts.sendAndDrain(bot);
    const found: { rest: number; busy: number; bursts: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const rest: number[] = [];
      for (let index = 0; index < burstsAtRest; index++) rest.push(...(await bursts.sendAndDrain(bot)));
      const before = await counted(bot, "notifications_posted_total");
      await bed.azure.ask({ newAlerts: alerts });
      const busy: number[] = [];
      for (const end = performance.now() + watchedMs; performance.now() < end; )
        busy.push(...(await bursts.sendAndDrain(bot)));
      const posted = async () => (await counted(bot, "notifications_posted_total")) - before;
      await eventually("every alert in every channel", async () => (await posted()) >= alerts * channels.length);
      await delivered(bot);
      found.push({ rest: quantile(rest, 0.99), busy: quantile(busy, 0.99), bursts: busy.length / 200 });
    }
    return [figureOf(found)];
  } finally {
    await Promise.all([bed.end(), bursts.end()]);
  }
}

function figureOf(found: readonly { rest: number; busy: number; bursts: number }[]): Figure {
  const [rest, busy] = [median(found.map((one) => one.rest)), median(found.map((one) => one.busy))];
  return {
    name: "acknowledge-under-delivery",
    goal: 1.5,
    values: found.map((one) => one.busy / one.rest),
    bound: `p99 of bursts of 200 during delivery: ${ms(busy)}, the same bot at rest ${ms(rest)}`,
    notes: [
      `${alerts} new alerts in Azure at once, ${channels.length} channels; about ${median(found.map((one) => one.bursts)).toFixed(0)} bursts from that moment on for ${watchedMs / 1000} s: the poll that finds them, the recording, the first messages`,
    ],
  };
}

/** Waits until the outbox is empty; its depth is counted every five seconds. */
async function delivered(bot: Bot): Promise<void> {
  await pause(5500);
  await eventually("an empty outbox", async () => (await counted(bot, "outbox_depth")) === 0, 120);
}

async function counted(bot: Bot, name: string): Promise<number> {
  const found = (await bot.metrics()).matchAll(new RegExp(`^breakwater_${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"));
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}
