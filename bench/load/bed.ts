import { existsSync, readFileSync } from "node:fs";
import type { Bot } from "../../playground/bot.ts";
import { type Channel, exampleWorkspace } from "../../playground/slack/workspace.ts";
import { type Bed, type EstateSize, openBed } from "../bed.ts";
import { eventually, type Figure } from "../figure.ts";
import type { AzureQuestion, Requests } from "../peers/azure.ts";
import { openTypist, type Typist } from "../peers/typist.ts";

/** The estate of the table, and a tenth of it. */
export const whole = {
  ...{ subscriptions: 300, clusters: 3000, alerts: 5000 },
  assessments: { all: 20_000, unhealthy: 12_000 },
  quota: true,
} as const satisfies EstateSize;
/** More subscriptions and assessments than one person's estate has, for one figure. */
export const largest = {
  ...{ subscriptions: 1000, clusters: 3000, alerts: 500 },
  assessments: { all: 50_000, unhealthy: 30_000 },
  quota: true,
} as const satisfies EstateSize;
export const tenth = {
  ...{ subscriptions: 30, clusters: 300, alerts: 500 },
  assessments: { all: 2_000, unhealthy: 1_200 },
  quota: true,
} as const satisfies EstateSize;

/** Enough people that the two turns of each are not what is measured. */
export const people = Array.from({ length: 200 }, (_, index) => `U0LOAD${String(index).padStart(5, "0")}`);
const users = people.map((id) => ({ ...exampleWorkspace.users[0]!, id, name: id.toLowerCase() }));
/** A process that needs more than this for its own objects ends, and with it the measurement; in MB. */
const heapLimit = 200;
/** The same of all that it keeps resident, as a container's limit does; in MB. */
export const memoryLimit = 300;
const quiet = 'schedules:\n  alerts: "0 0 1 1 *"\n';

/** Highest resident memory of all processes so far, in MB, and the answers 429 of Resource Graph. */
export type Seen = { peak: number; refused: number };

export type LoadBed = {
  bed: Bed;
  typist: Typist;
  seen: Seen;
  /** A new process on a Redis of its own, with a whole quota: nothing was read before. */
  cold(options?: { config?: string; role?: "web" | "all" }): Promise<Bot>;
  /** Requests to Azure since they were asked for last. */
  requests(): Promise<number>;
  /** Ends a process, whose memory counts. */
  end(bot: Bot): Promise<void>;
  close(): Promise<void>;
};

export async function openLoadBed(estate: EstateSize, channels: readonly Channel[] = []): Promise<LoadBed> {
  const workspace = {
    ...exampleWorkspace,
    users: [...exampleWorkspace.users, ...users],
    channels: [...exampleWorkspace.channels, ...channels],
  };
  const bed = await openBed({ estate, workspace });
  const typist = await openTypist(bed.env.SLACK_SIGNING_SECRET!);
  const seen: Seen = { peak: 0, refused: 0 };
  const requests = async () => {
    const question = { take: "requests" } satisfies AzureQuestion;
    const made = Object.entries((await bed.azure.ask<Requests>(question)).requests);
    for (const [path, count] of made) if (path.endsWith(" 429")) seen.refused += count;
    return made.reduce((sum, [, count]) => sum + count, 0);
  };
  return {
    ...{ bed, typist, seen, requests },
    async cold({ config = quiet, role = "web" } = {}) {
      const bot = await bed.bot({
        config,
        env: { BREAKWATER_ROLE: role },
        nodeOptions: [`--max-old-space-size=${heapLimit}`],
      });
      const watch = setInterval(() => {
        if (peakOf(bot) > memoryLimit) process.kill(bot.pid, "SIGKILL");
      }, 100);
      void bot.exited.then(() => clearInterval(watch));
      await bot.ready();
      await quotaFilled();
      await requests();
      return bot;
    },
    async end(bot) {
      const peak = peakOf(bot);
      if (Number.isNaN(peak)) throw new Error(`a bot ended early: it may have needed over ${memoryLimit} MB`);
      seen.peak = Math.max(seen.peak, peak);
      await requests();
      await bot.stop();
    },
    async close() {
      typist.end();
      await bed.end();
    },
  };
}

/** [Resource Graph docs, throttling]: each reading begins with a whole quota, as the bound does. */
export async function quotaFilled(): Promise<void> {
  const until = performance.now() + 5_100;
  await eventually("a new quota", () => performance.now() > until);
}

/** [proc(5), VmHWM]: MB; NaN of a process that has ended. */
function peakOf(bot: Bot): number {
  const path = `/proc/${bot.pid}/status`;
  const status = existsSync(path) ? readFileSync(path, "utf8") : "";
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** A figure that is measured once, with how busy the machine was before it. */
export function once(
  name: string,
  goal: number,
  value: number,
  about: { unit?: Figure["unit"]; bound: string; before?: string },
): Figure {
  const { unit, bound, before } = about;
  return { name, goal, values: [value], bound, ...(unit && { unit }), ...(before && { notes: [before] }) };
}
