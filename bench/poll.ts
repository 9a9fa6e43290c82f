import { join } from "node:path";
import type { Bot } from "../playground/bot.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median } from "./figure.ts";
import type { AzureQuestion, Requests } from "./peers/azure.ts";
import { type State, stateOf } from "./state.ts";

const polls = 5;
const subscriptions = 1000;
const alerts = 10_000;
/** Pages of each answer that a poll may ask for: of Resource Graph's 1,000 rows, and of the stand-in's lists of 100. */
const pagesOf: Record<string, number> = {
  "POST /providers/Microsoft.ResourceGraph/resources": alerts / 1000,
  "GET /subscriptions": subscriptions / 100,
};

type Poll = { pages: number; requests: number; commands: string[] };

/** What polls over 1,000 subscriptions cost Azure and Redis while nothing changes. */
export async function poll(): Promise<Figure[]> {
  const bed = await openBed({ estate: { subscriptions, clusters: subscriptions, alerts } });
  const dataDir = join(bed.directory, "bot");
  // A worker fires no schedule: it polls when it is told to, and nothing else runs meanwhile.
  const worker = async () => {
    const bot = await bed.bot({ dataDir, env: { BREAKWATER_ROLE: "worker" } });
    await bot.ready();
    return { bot, state: stateOf(dataDir) };
  };
  let now: { bot: Bot; state: State } | undefined;
  const requests = async () =>
    (await bed.azure.ask<Requests>({ take: "requests" } satisfies AzureQuestion)).requests;
  try {
    now = await worker();
    await run("poll-alerts", now.bot, now.state);
    await now.state.close();
    await now.bot.stop();
    // The second process remembers nothing but what Redis keeps: its first poll reads the subscriptions too.
    await requests();
    now = await worker();
    const { bot, state } = now;
    const found: Poll[] = [];
    for (let index = 0; index < polls; index++) {
      const watched = await state.watch();
      await run("poll-alerts", bot, state);
      found.push({ ...judged(await requests()), commands: await watched.stop() });
    }
    const watched = await state.watch();
    await run("reconcile-alerts", bot, state);
    const reconciled = (await watched.stop()).length;
    return figuresOf(found, reconciled, await requests());
  } finally {
    await now?.state.close();
    await bed.end();
  }
}

async function run(job: string, bot: Bot, state: State): Promise<void> {
  const done = () => counted(bot, "jobs_total", `job="${job}"`);
  const before = await done();
  await state.enqueue(job);
  await eventually(`a run of ${job}`, async () => (await done()) > before);
}

/** Requests that no answer needed count too, and add no page. */
function judged(made: Requests["requests"]): Pick<Poll, "pages" | "requests"> {
  const asked = Object.keys(made);
  return {
    pages: asked.reduce((sum, what) => sum + (pagesOf[what] ?? 0), 0),
    requests: Object.values(made).reduce((sum, count) => sum + count, 0),
  };
}

function figuresOf(found: readonly Poll[], reconciled: number, made: Requests["requests"]): Figure[] {
  const pages = found.map((one) => one.pages);
  const commands = found.map((one) => one.commands.length);
  const lists = Object.values(made).reduce((sum, count) => sum + count, 0);
  return [
    {
      name: "poll-requests",
      goal: 1.1,
      values: found.map((one) => one.requests / one.pages),
      bound: `requests to Azure of a poll that finds ${alerts} unchanged alerts of ${subscriptions} subscriptions, for each of the ${Math.min(...pages)} to ${Math.max(...pages)} pages of its answers`,
    },
    {
      name: "poll-commands",
      goal: 0.01,
      values: found.map((one) => one.commands.length / alerts),
      bound: `${median(commands)} commands to Redis in such a poll, BullMQ's own among them, for each of the ${alerts} alerts`,
      notes: [
        `reconcile-alerts, a job of its own on the same schedule, asks the alerts API of some subscriptions each time: here ${lists} requests and ${reconciled} commands (information)`,
      ],
    },
  ];
}
