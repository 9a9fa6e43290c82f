import { openBed } from "./bed.ts";
import { openBursts, texts } from "./bursts.ts";
import { type Figure, median, ms, quantile } from "./figure.ts";
import { startPeer } from "./peer.ts";

const pairs = 10;
const burstsInPair = 3;
const warmUps = 6;

/** The 99th percentile of acknowledging 200 slash commands at once, against Bolt's own no-op app. */
export async function acknowledge(): Promise<Figure[]> {
  const bed = await openBed();
  const secret = { SLACK_SIGNING_SECRET: bed.env.SLACK_SIGNING_SECRET! };
  // Bounds run with Node's own settings, whatever those of the product are.
  const bound = { ...secret, NODE_OPTIONS: "" };
  const [bolt, bare, bursts, bot] = await Promise.all([
    startPeer(new URL("./peers/bolt.ts", import.meta.url), bound),
    startPeer(new URL("./peers/bare.ts", import.meta.url), bound),
    openBursts(secret.SLACK_SIGNING_SECRET),
    bed.bot(),
  ]);
  try {
    await bot.ready();
    const round = async () => ({
      product: await bursts.sendAndDrain(bot),
      bolt: await bursts.send(bolt.env.URL!),
      bare: await bursts.send(bare.env.URL!),
    });
    for (let index = 0; index < warmUps; index++) await round();
    const found = { product: [] as number[], bolt: [] as number[], bare: [] as number[] };
    for (let pair = 0; pair < pairs; pair++) {
      const mine: Awaited<ReturnType<typeof round>>[] = [];
      for (let index = 0; index < burstsInPair; index++) mine.push(await round());
      for (const side of ["product", "bolt", "bare"] as const)
        found[side].push(
          quantile(
            mine.flatMap((one) => one[side]),
            0.99,
          ),
        );
    }
    const ratios = (side: "bolt" | "bare") =>
      found.product.map((value, index) => value / found[side][index]!);
    return [
      {
        name: "acknowledge",
        goal: 1.2,
        values: ratios("bolt"),
        bound: `p99 of a burst of 200: ${ms(median(found.product))}, Bolt's no-op app ${ms(median(found.bolt))}`,
        notes: [
          `commands ${texts.map((text) => `/defender ${text}`).join(" and ")}; ${burstsInPair} bursts of each side in a pair, in turn; the next burst waits until all answers of the last were given`,
          `node:http that verifies the signature: ${ms(median(found.bare))}, ratio of the product ${median(ratios("bare")).toFixed(1)}, of Bolt ${median(found.bolt.map((value, index) => value / found.bare[index]!)).toFixed(1)} (information)`,
        ],
      },
    ];
  } finally {
    await Promise.all([bed.end(), bolt.stop(), bare.stop(), bursts.end()]);
  }
}
