import { join } from "node:path";
import { openBed } from "./bed.ts";
import { openBursts } from "./bursts.ts";
import { counted } from "./counted.ts";
import { type Bench, eventually, median, ms, quantile } from "./figure.ts";
import { openFindingsBed } from "./findings/bed.ts";
import { type State, stateOf } from "./state.ts";

const pairs = 5;
const warmUps = 8;

type Pair = { rest: number[]; busy: number[]; scans: number };

/** The bursts of `acknowledge` while the bot scans findings, against those of the same bot at rest. */
export const whileScanning: Bench = async ({ large }) => {
  const count = large ? 1_000_000 : 100_000;
  const watchedMs = large ? 10_000 : 4000;
  const [bed, findings] = await Promise.all([openBed(), openFindingsBed()]);
  const dataDir = join(bed.directory, "bot");
  await findings.prepare({ findings: count, day: 0 });
  const [bursts, bot] = await Promise.all([
    openBursts(bed.env.SLACK_SIGNING_SECRET!),
    bed.bot({ dataDir, env: findings.env }),
  ]);
  let state: State | undefined;
  const done = () => counted(bot, "jobs_total", 'job="rescan"');
  /** Asks for a scan with a slot of its own, and waits for its end without asking the bot all the time. */
  const oneScan = async () => {
    const before = await done();
    await state!.enqueue("rescan");
    await eventually("a scan", async () => (await done()) > before, { seconds: 300, everyMs: 250 });
  };
  try {
    await bot.ready();
    state = stateOf(dataDir);
    for (let index = 0; index < warmUps; index++) await bursts.sendAndDrain(bot);
    await oneScan();
    const found: Pair[] = [];
    for (let index = 0; index < pairs; index++) {
      const rest = await bursts.during(bot, watchedMs);
      const before = await done();
      let scanning = true;
      const scans = (async () => {
        while (scanning) await oneScan();
      })();
      const busy = await bursts.during(bot, watchedMs);
      scanning = false;
      await scans;
      found.push({ rest, busy, scans: (await done()) - before });
    }
    const p99 = (side: "rest" | "busy") => found.map((one) => quantile(one[side], 0.99));
    const [rest, busy] = [p99("rest"), p99("busy")];
    return [
      {
        name: "acknowledge-while-scanning",
        goal: 1.5,
        values: busy.map((value, index) => value / rest[index]!),
        bound: `p99 of bursts of 200 during scans of ${count.toLocaleString("en")} findings: ${ms(median(busy))}, the same bot at rest ${ms(median(rest))}`,
        notes: [
          `${median(found.map(({ scans }) => scans))} scans in ${watchedMs / 1000} s and until the last one ended, with pages from this machine: Azure's quota would let through 3 pages a second`,
        ],
      },
    ];
  } finally {
    await state?.close();
    await Promise.all([bed.end(), findings.end(), bursts.end()]);
  }
};
