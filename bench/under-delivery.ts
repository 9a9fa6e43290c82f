import { join } from "node:path";
import { openBed } from "./bed.ts";
import { openBursts } from "./bursts.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median, ms, quantile } from "./figure.ts";
import type { AzureQuestion } from "./peers/azure.ts";
import { type State, stateOf } from "./state.ts";
import { channelIds, config, workspace } from "./ten-channels.ts";

const pairs = 5;
const warmUps = 8;
const alerts = 1000;
/** Long enough for the poll that finds them, their recording, and the first messages. */
const watchedMs = 5000;

type Pair = { rest: number[]; busy: number[]; posted: number };

/** The bursts of `acknowledge` while 1,000 alerts are delivered to 10 channels, against those of the same bot at rest. */
export async function underDelivery(): Promise<Figure[]> {
  const bed = await openBed({ estate: { subscriptions: 3, clusters: 6, alerts: 0 }, workspace });
  const dataDir = join(bed.directory, "bot");
  const [bursts, bot] = await Promise.all([
    openBursts(bed.env.SLACK_SIGNING_SECRET!),
    bed.bot({ config, dataDir }),
  ]);
  let state: State | undefined;
  const give = (newAlerts: number) => bed.azure.ask({ newAlerts } satisfies AzureQuestion);
  const posted = () => counted(bot, "notifications_posted_total");
  try {
    await bot.ready();
    state = stateOf(dataDir);
    await eventually("the first poll", async () => (await counted(bot, "poll_seconds_count")) > 0);
    const pair = async (): Promise<Pair> => {
      const rest = await bursts.during(bot, watchedMs);
      const before = await posted();
      await give(alerts);
      const busy = await bursts.during(bot, watchedMs);
      const made = (await posted()) - before;
      if (made < alerts * channelIds.length) throw new Error(`only ${made} alerts were in a channel by then`);
      await give(0);
      await state!.reset();
      return { rest, busy, posted: made };
    };
    for (let index = 0; index < warmUps; index++) await bursts.sendAndDrain(bot);
    const found: Pair[] = [];
    for (let index = 0; index < pairs; index++) found.push(await pair());
    return [figureOf(found)];
  } finally {
    await state?.close();
    await Promise.all([bed.end(), bursts.end()]);
  }
}

function figureOf(found: readonly Pair[]): Figure {
  const p99 = (side: "rest" | "busy") => found.map((one) => quantile(one[side], 0.99));
  const [rest, busy] = [p99("rest"), p99("busy")];
  const commands = median(found.map((one) => one.busy.length));
  return {
    name: "acknowledge-under-delivery",
    goal: 1.5,
    values: busy.map((value, index) => value / rest[index]!),
    bound: `p99 of bursts of 200 during delivery: ${ms(median(busy))}, the same bot at rest ${ms(median(rest))}`,
    notes: [
      `${alerts} new alerts in Azure at once, ${channelIds.length} channels; some ${commands} commands in the ${watchedMs / 1000} s from that moment on: the poll that finds them, the recording, the first messages; as long at rest`,
    ],
  };
}
