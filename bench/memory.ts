import { readFile } from "node:fs/promises";
import type { Bot } from "../playground/bot.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median, pause } from "./figure.ts";

const bots = 5;
/** V8 gives back what the start took once little is allocated for a while: after one to three minutes. */
const restSeconds = 210;
const samples = 20;
const pollsAtLeast = 2;

/** Resident memory of bots at rest, which do what their schedules say and nothing else. */
export async function memory(): Promise<Figure[]> {
  const bed = await openBed();
  // The schedules that a bot has by itself, with the daily scan at another time of day than now.
  const config = `schedules: { rescan: "0 ${(new Date().getUTCHours() + 12) % 24} * * *" }`;
  try {
    // Processes that run side by side, each with a Redis of its own: five runs in the time of one.
    const running: Bot[] = [];
    for (let index = 0; index < bots; index++) {
      const bot = await bed.bot({ config });
      await bot.ready();
      running.push(bot);
    }
    await pause(30_000);
    const early = await Promise.all(running.map(async ({ pid }) => (await resident(pid)).all));
    await pause((restSeconds - samples - 30) * 1000);
    const polled = async () => (await Promise.all(running.map(polls))).every((one) => one >= pollsAtLeast);
    await eventually("polls", polled, { seconds: 120 });
    const found = running.map((): Resident[] => []);
    for (let sample = 0; sample < samples; sample++) {
      await pause(1000);
      for (const [index, { pid }] of running.entries()) found[index]!.push(await resident(pid));
    }
    const middle = (name: keyof Resident) => found.map((one) => median(one.map((sample) => sample[name])));
    return [
      {
        name: "memory",
        goal: 150,
        unit: "MB",
        values: middle("all"),
        bound: `resident memory of ${bots} bots, each the median of the last ${samples} s of ${restSeconds} s after they were ready; demo estate, one poll a minute; absolute`,
        notes: [
          `of it ${median(middle("own")).toFixed(0)} MB of its own and ${median(middle("files")).toFixed(0)} MB of mapped files (Node's binary); its private Redis is another process`,
          `half a minute after they were ready: ${median(early).toFixed(0)} MB, until V8 gives back what the start took (information)`,
        ],
      },
    ];
  } finally {
    await bed.end();
  }
}

const polls = (bot: Bot) => counted(bot, "poll_seconds_count");

/** MB. */
type Resident = { all: number; own: number; files: number };

/** As Linux counts it (`/proc/PID/status`). */
export async function resident(pid: number): Promise<Resident> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { all: megabytes("VmRSS"), own: megabytes("RssAnon"), files: megabytes("RssFile") };
}
