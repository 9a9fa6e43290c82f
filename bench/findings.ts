import { partRows } from "../src/azure/findings/kind.ts";
import { type Bench, type Figure, median, ms } from "./figure.ts";
import { type FindingsBed, openFindingsBed, slotOf } from "./findings/bed.ts";
import { cveOf } from "./findings/cves.ts";
import { estateOf } from "./findings/pages.ts";
import type { Asked } from "./peers/findings.ts";
import type { LookedUp, Memory, Ran, RedisBytes } from "./peers/scan.ts";

const pairs = 5;
const memoryRuns = 3;
const lookUps = 200;

/** The way of findings from Resource Graph's pages to the difference: its time, its memory, and what it keeps. */
export const findings: Bench = async ({ large }) => {
  const count = large ? 1_000_000 : 100_000;
  const bed = await openFindingsBed();
  try {
    return [...(await scans(bed, count)), await refresh(bed), ...(await memory(bed, count))];
  } finally {
    await bed.end();
  }
};

type Pair = { bound: Ran; scan: Ran; sent: number; used: number; asked: Asked };

async function scans(bed: FindingsBed, count: number): Promise<Figure[]> {
  const scanner = await bed.scanner();
  const { images, packages } = estateOf(count);
  const rows = images * packages;
  const redis = () => scanner.ask<RedisBytes>({ take: "redis" });
  // What is loaded at first use is loaded, in both; then Redis is emptied.
  await bed.prepare({ findings: 2000, day: 0 });
  await scanner.ask<Ran>({ run: "bound", rows: 500, slot: slotOf(-1) });
  await scanner.ask<Ran>({ run: "scan", slot: slotOf(-1) });
  const rest = (await scanner.ask<RedisBytes>({ take: "empty-redis" })).used;
  const found: Pair[] = [];
  for (let day = 0; day < pairs; day++) {
    await bed.prepare({ findings: count, day });
    const bound = await scanner.ask<Ran>({ run: "bound", rows, slot: slotOf(day) });
    const before = await redis();
    await bed.asked();
    const scan = await scanner.ask<Ran>({ run: "scan", slot: slotOf(day) });
    const after = await redis();
    const asked = await bed.asked();
    found.push({ bound, scan, sent: after.sent - before.sent, used: after.used - rest, asked });
  }
  const ids = Array.from({ length: lookUps }, (_, index) => cveOf(index * 37));
  const look = await scanner.ask<LookedUp>({ run: "look-up", ids });
  await scanner.stop();
  return figuresOf(found, look, count);
}

function figuresOf(found: readonly Pair[], look: LookedUp, count: number): Figure[] {
  const [first, second] = [found[0]!, found[1]!];
  const size = `${count.toLocaleString("en")} findings`;
  const seconds = (side: "bound" | "scan") => median(found.map((one) => one[side].ms)) / 1000;
  const megabytes = (first.bound.bytes / 1e6).toFixed(0);
  return [
    {
      name: "findings-scan",
      goal: 1.3,
      values: found.map(({ bound, scan }) => scan.ms / bound.ms),
      bound: `${size}, pages over TLS → snapshot → difference in ${seconds("scan").toFixed(1)} s; receiving the same ${megabytes} MB, JSON.parse of them and of each distinct text of details in ${seconds("bound").toFixed(1)} s`,
      notes: [
        `processor time, which others on the machine change less: ${median(found.map(({ bound, scan }) => scan.cpu / bound.cpu)).toFixed(2)} of the bound's`,
        `Azure's own quota, 15 requests in 5 s, would hold either back for ${((count / 4 / partRows / 15) * 5).toFixed(0)} s`,
      ],
    },
    {
      name: "findings-requests",
      goal: 1.1,
      values: found.map(({ asked }) => requestsOf(asked) / leastOf(asked)),
      bound: `requests to Resource Graph of a scan: ${requestsOf(first.asked)} for the first, ${requestsOf(second.asked)} for the next; pages of 1,000 rows that the answers to its questions fill: ${leastOf(first.asked)} and ${leastOf(second.asked)}`,
    },
    {
      name: "findings-event-loop",
      goal: 10,
      unit: "ms",
      values: found.map(({ scan }) => scan.delay),
      bound: `p99 of the event loop's delay during the scan; of the bound ${ms(median(found.map(({ bound }) => bound.delay)))}`,
    },
    {
      name: "findings-redis",
      goal: 8,
      unit: "B",
      values: [second.used / count],
      bound: "Redis' used_memory for two snapshots, dictionary included, by the findings of one; absolute",
    },
    {
      name: "findings-second-scan",
      goal: 0.1,
      values: found.slice(1).map(({ sent }) => sent / first.sent),
      bound: `bytes sent to Redis by a scan in which 1 % of the rows changed, by the ${(first.sent / 1000).toFixed(0)} kB of the first`,
    },
    {
      name: "findings-look-up",
      goal: 50,
      unit: "ms",
      values: [look.p95],
      bound: `p95 of ${lookUps} questions for a CVE, ${(look.found / lookUps).toFixed(0)} images each; absolute, without Slack's time`,
      notes: [`the first one, which reads the snapshot from Redis, took ${ms(look.first)}`],
    },
  ];
}

const requestsOf = (asked: Asked) => Object.values(asked).reduce((sum, { requests }) => sum + requests, 0);

/** Of each question the pages that its rows fill; one where it has none. */
const leastOf = (asked: Asked) =>
  Object.values(asked).reduce((sum, { rows }) => sum + Math.max(1, Math.ceil(rows / 1000)), 0);

/** Reads the details of 40,000 CVEs, and the day after those of which 1 % changed. */
async function refresh(bed: FindingsBed): Promise<Figure> {
  const scanner = await bed.scanner();
  const read: Asked[] = [];
  for (const day of [0, 1, 2]) {
    await bed.prepare({ findings: 400_000, day, distinctCves: 40_000 });
    await bed.asked();
    await scanner.ask<Ran>({ run: "scan", slot: slotOf(day) });
    read.push(await bed.asked());
  }
  await scanner.stop();
  const sums = read.map((asked) => {
    const some = Object.entries(asked).filter(([kind]) => kind.startsWith("cve-details"));
    const sum = (of: "bytes" | "requests" | "rows") => some.reduce((all, [, one]) => all + one[of], 0);
    return { bytes: sum("bytes"), requests: sum("requests"), rows: sum("rows") };
  });
  const [first, ...later] = sums as [(typeof sums)[number], ...typeof sums];
  return {
    name: "findings-cve-refresh",
    goal: 0.05,
    values: later.map(({ bytes }) => bytes / first.bytes),
    bound: `bytes of questions and answers about details of CVEs on a day on which 1 % of ${first.rows.toLocaleString("en")} changed, by the ${(first.bytes / 1e6).toFixed(1)} MB of the first reading`,
    notes: [`${later.at(-1)!.requests} requests by ${first.requests}, ${later.at(-1)!.rows} rows`],
  };
}

/** Scans in processes that did nothing else: over so many findings, and over twice as many. */
async function memory(bed: FindingsBed, count: number): Promise<Figure[]> {
  const once: number[] = [];
  const twice: number[] = [];
  for (let run = 0; run < memoryRuns; run++) {
    once.push(await peakOf(bed, count));
    twice.push(await peakOf(bed, 2 * count));
  }
  return [
    {
      name: "findings-memory",
      goal: 200,
      unit: "MB",
      values: once,
      bound: `highest resident memory above rest during two scans of ${count.toLocaleString("en")} findings; absolute`,
    },
    {
      name: "findings-memory-twice",
      goal: 1.2,
      values: twice.map((value, index) => value / once[index]!),
      bound: `the same with twice the findings: ${median(twice).toFixed(0)} MB`,
    },
  ];
}

async function peakOf(bed: FindingsBed, count: number): Promise<number> {
  const scanner = await bed.scanner();
  // At rest after one small scan: what is loaded at first use is there.
  await bed.prepare({ findings: 2000, day: 0 });
  await scanner.ask<Ran>({ run: "scan", slot: slotOf(-1) });
  await scanner.ask({ take: "empty-redis" });
  const rest = (await scanner.ask<Memory>({ take: "memory" })).now;
  for (const day of [0, 1]) {
    await bed.prepare({ findings: count, day });
    await scanner.ask<Ran>({ run: "scan", slot: slotOf(day) });
  }
  const { peak } = await scanner.ask<Memory>({ take: "memory" });
  await scanner.stop();
  return peak - rest;
}
