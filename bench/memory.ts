import { readFile } from "node:fs/promises";
import type { Bot } from "../playground/bot.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median, pause } from "./figure.ts";

const bots = 5;
const restSeconds = 30;
const pollsAtLeast = 5;

/** Resident memory of the bot at rest: ready, a few polls done, then half a minute of nothing but its schedules. */
export async function memory(): Promise<Figure[]> {
  const bed = await openBed();
  try {
    // Processes that run side by side, each with a Redis of its own: five runs in the time of one.
    const running: Bot[] = [];
    for (let index = 0; index < bots; index++) {
      const bot = await bed.bot({ config: 'schedules: { alerts: "*/4 * * * * *" }' });
      await bot.ready();
      running.push(bot);
    }
    await eventually("polls", async () =>
      (await Promise.all(running.map(polls))).every((one) => one >= pollsAtLeast),
    );
    await pause(restSeconds * 1000);
    const found = await Promise.all(running.map(({ pid }) => resident(pid)));
    const [anonymous, files] = [found.map((one) => one.anonymous), found.map((one) => one.files)];
    return [
      {
        name: "memory",
        goal: 150,
        unit: "MB",
        values: found.map(({ all }) => all),
        bound: `resident memory of ${bots} bots ${restSeconds} s after their polls, demo estate; absolute`,
        notes: [
          `of it ${median(anonymous).toFixed(0)} MB of its own and ${median(files).toFixed(0)} MB of mapped files (Node's binary); its private Redis is another process`,
        ],
      },
    ];
  } finally {
    await bed.end();
  }
}

const polls = (bot: Bot) => counted(bot, "poll_seconds_count");

/** MB, as Linux counts them (`/proc/PID/status`). */
async function resident(pid: number): Promise<{ all: number; anonymous: number; files: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return {
    all: kilobytes("VmRSS") / 1024,
    anonymous: kilobytes("RssAnon") / 1024,
    files: kilobytes("RssFile") / 1024,
  };
}
