import { join } from "node:path";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median, ms } from "./figure.ts";
import { type Peer, startPeer } from "./peer.ts";
import type { Answered, AzureQuestion } from "./peers/azure.ts";
import type { Taken } from "./peers/bullmq.ts";
import { type State, stateOf } from "./state.ts";
import { channelIds, config, workspace } from "./ten-channels.ts";

const pairs = 6;
const warmUps = 2;
const alerts = 1000;
const deliveries = alerts * channelIds.length;

/** From a poll's answer to 10,000 deliveries that are recorded and taken up, against as many empty BullMQ jobs. */
export async function outbox(): Promise<Figure[]> {
  const bed = await openBed({ estate: { subscriptions: 3, clusters: 6, alerts: 0 }, workspace });
  const dataDir = join(bed.directory, "bot");
  const [bot, bullmq] = await Promise.all([
    // A worker fires no schedule: it polls when it is told to, and nothing else runs meanwhile.
    bed.bot({ config, dataDir, env: { BREAKWATER_ROLE: "worker" } }),
    startPeer(new URL("./peers/bullmq.ts", import.meta.url), {
      BENCH_DIRECTORY: join(bed.directory, "bullmq"),
      // A bound runs with Node's own settings, whatever those of the product are.
      NODE_OPTIONS: "",
    }),
  ]);
  let state: State | undefined;
  try {
    await bot.ready();
    const opened = stateOf(dataDir);
    state = opened;
    await opened.enqueue("poll-alerts");
    await eventually("the first poll", async () => (await counted(bot, "poll_seconds_count")) > 0);
    const round = async () => ({
      product: await delivery(opened, bed.azure),
      bound: (await bullmq.ask<Taken>({ jobs: deliveries })).ms,
    });
    for (let index = 0; index < warmUps; index++) await round();
    const found: Awaited<ReturnType<typeof round>>[] = [];
    for (let pair = 0; pair < pairs; pair++) found.push(await round());
    return [figureOf(found)];
  } finally {
    await state?.close();
    await Promise.all([bed.end(), bullmq.stop()]);
  }
}

type Delivered = { recorded: number; taken: number };

/** One poll with news; milliseconds from Azure's answer. Both processes read the clock of this machine. */
async function delivery(state: State, azure: Peer): Promise<Delivered> {
  const ask = <T>(question: AzureQuestion) => azure.ask<T>(question);
  await ask({ newAlerts: alerts });
  let recorded = 0;
  let taken = 0;
  await state.enqueue("poll-alerts");
  const takenUp = async () => {
    const outboxes = await state.outboxes();
    if (recorded === 0 && outboxes.every((one) => one.recorded >= alerts)) recorded = Date.now();
    if (outboxes.every((one) => one.taken >= alerts)) taken = Date.now();
    return taken > 0;
  };
  await eventually("every delivery taken up", takenUp, { everyMs: 2 });
  const { answered } = await ask<Answered>({ take: "answered" });
  await ask({ newAlerts: 0 });
  await state.reset();
  return { recorded: recorded - answered, taken: taken - answered };
}

function figureOf(found: readonly { product: Delivered; bound: number }[]): Figure {
  const [recorded, taken, bound] = [
    ms(median(found.map((one) => one.product.recorded))),
    ms(median(found.map((one) => one.product.taken))),
    ms(median(found.map((one) => one.bound))),
  ];
  return {
    name: "outbox",
    goal: 1.0,
    values: found.map((one) => one.product.taken / one.bound),
    bound: `${deliveries} deliveries recorded after ${recorded} and taken up after ${taken}; ${deliveries} empty BullMQ jobs added and taken up in ${bound}`,
    notes: [
      `from the moment at which Azure had sent the poll's answer with ${alerts} new alerts to that at which the pump of each of ${channelIds.length} channels has claimed all of its rows for a message`,
    ],
  };
}
