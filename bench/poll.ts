import { join } from "node:path";
import type { Bot } from "../playground/bot.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { cpuSeconds } from "./cpu.ts";
import { eventually, type Figure, median, pause } from "./figure.ts";
import type { AzureQuestion, Requests } from "./peers/azure.ts";
import { type State, stateOf } from "./state.ts";

const polls = 10;
const subscriptions = 300;
const alerts = 5000;

type Poll = { requests: number; commands: number; cpuMs: number };

/** What polls over 300 subscriptions cost Azure, Redis and the processor while nothing changes. */
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
    // The second process remembers nothing but what Redis keeps; its first poll loads what a poll needs.
    await requests();
    now = await worker();
    const { bot, state } = now;
    await run("poll-alerts", bot, state);
    const first = sumOf(await requests());
    const found: Poll[] = [];
    for (let index = 0; index < polls; index++) {
      const watched = await state.watch();
      await run("poll-alerts", bot, state);
      const [made, commands] = [sumOf(await requests()), (await watched.stop()).length];
      const used = cpuSeconds(bot.pid);
      await unwatchedPoll(state);
      found.push({ requests: made, commands, cpuMs: (cpuSeconds(bot.pid) - used) * 1000 });
      await requests();
    }
    const watched = await state.watch();
    await run("reconcile-alerts", bot, state);
    const reconciled = (await watched.stop()).length;
    return figuresOf(found, first, `${sumOf(await requests())} requests and ${reconciled} commands`);
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

/** A poll of which the bot itself is not asked whether it is over: to answer would cost it more than the poll. */
async function unwatchedPoll(state: State): Promise<void> {
  const reading = () => state.redis.get("{breakwater}:alerts:reading");
  const before = await reading();
  await state.enqueue("poll-alerts");
  await eventually("a poll", async () => (await reading()) !== before);
  // What ends the job comes after its last record.
  await pause(300);
}

function sumOf(made: Requests["requests"]): number {
  return Object.values(made).reduce((sum, count) => sum + count, 0);
}

function figuresOf(found: readonly Poll[], first: number, reconciled: string): Figure[] {
  const estate = `${alerts} unchanged alerts of ${subscriptions} subscriptions`;
  return [
    {
      name: "poll-unchanged-requests",
      goal: 3,
      values: found.map(({ requests }) => requests),
      bound: `requests to Azure of a poll that finds ${estate}; absolute`,
      notes: [
        `the first poll of a process, which reads the list of subscriptions too, makes ${first}`,
        `reconcile-alerts, a job of its own, asks the alerts API of some subscriptions each time: here ${reconciled}`,
      ],
    },
    {
      name: "poll-unchanged-cpu",
      goal: 100,
      unit: "ms",
      values: found.map(({ cpuMs }) => cpuMs),
      bound: "processor time of the bot in such a poll, what runs beside it among it; absolute",
    },
    {
      name: "poll-commands",
      goal: 0.01,
      values: found.map(({ commands }) => commands / alerts),
      bound: `${median(found.map(({ commands }) => commands))} commands to Redis in such a poll, BullMQ's own among them, for each of the ${alerts} alerts`,
    },
  ];
}
