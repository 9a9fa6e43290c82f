import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../world.ts";
import { chaosChannels } from "./rounds.ts";

/** What is done to the bot while alerts are on their way to three channels; each ends with a bot that works. */
export type Fault = {
  name: string;
  strike(world: World, roll: () => number): Promise<void>;
  over(world: World): Promise<void>;
};

const posts = (world: World) => world.slack.callsOf("chat.postMessage").length;
const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const nothing = async () => undefined;

/** Somewhere between the poll and the fourth post from now, and a few milliseconds beside it. */
export async function anyMoment(world: World, roll: () => number): Promise<void> {
  const until = posts(world) + Math.floor(roll() * 4);
  await world.slack.until(() => posts(world) >= until, 6000).catch(nothing);
  await moment(roll() * 60);
}

/** kill -9 of the bot, and a start. */
export const kill: Fault = {
  name: "kill",
  async strike(world, roll) {
    await anyMoment(world, roll);
    await world.bot.kill();
    await world.restart();
  },
  over: nothing,
};

/** Slack takes the message, and the connection breaks before its answer. */
export const lostAnswer: Fault = {
  name: "lost answer",
  async strike(world, roll) {
    for (const channel of chaosChannels) {
      world.slack.faults.add({
        kind: "lostAnswer",
        method: "chat.postMessage",
        channel,
        times: 1 + Math.floor(roll() * 2),
      });
    }
    world.slack.faults.add({ kind: "lostAnswer", method: "files.completeUploadExternal", times: 1 });
  },
  over: nothing,
};

/** kill -9 of the bot's private Redis; the bot starts it again on the same data. */
export const redisKilled: Fault = {
  name: "redis",
  async strike(world, roll) {
    await anyMoment(world, roll);
    const file = join(world.dataDir, "bot", "redis", "redis.pid");
    // On a slow machine the server that was killed before may not be up again yet.
    for (const until = Date.now() + 30_000; !killed(file); await moment(20))
      if (Date.now() > until) throw new Error("there is no Redis to kill");
  },
  over: nothing,
};

/** Whether there was a server to kill. */
function killed(file: string): boolean {
  try {
    // While it is being written the file is empty; 0 would be this process and all its kin.
    const pid = Number(readFileSync(file, "utf8"));
    return pid > 0 && process.kill(pid, "SIGKILL");
  } catch (error) {
    if (["ESRCH", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Slack throttles, answers 500, breaks connections, cuts answers, or speaks HTML. */
export const slackTroubled: Fault = {
  name: "slack troubled",
  async strike(world, roll) {
    const kinds = ["ratelimited", "status", "reset", "truncate", "garbage"] as const;
    for (let count = 0; count < 3; count++) {
      world.slack.faults.add({
        kind: kinds[Math.floor(roll() * kinds.length)]!,
        method: "chat.postMessage",
        times: 1,
        retryAfter: 1,
      });
    }
  },
  over: async (world) => world.slack.faults.clear(),
};

/** Azure throttles, fails, breaks connections, or answers rubbish. */
export const azureTroubled: Fault = {
  name: "azure troubled",
  async strike(world, roll) {
    const faults = [
      { kind: "status", status: 429, retryAfter: 1 },
      { kind: "status", status: 503 },
      { kind: "reset" },
      { kind: "truncate" },
      { kind: "garbage", status: 200 },
      { kind: "garbage", status: 502 },
      { kind: "empty" },
    ] as const;
    for (let count = 0; count < 3; count++)
      world.azure.faults.add({ ...faults[Math.floor(roll() * faults.length)]!, times: 3 });
  },
  over: async (world) => world.azure.faults.clear(),
};

/** Slack gives the channels other ids, and says so now and then. */
export async function renumber({ slack }: World, roll: () => number): Promise<void> {
  for (const channel of chaosChannels) {
    const now = slack.state.renumbered.size;
    await slack.convert(channel, `${channel}N${now}`, { announced: roll() < 0.3 });
  }
}

/** Slack gives the channels other ids while alerts are on their way, and the bot is killed. */
export const renumbered: Fault = {
  name: "channel ids changed",
  async strike(world, roll) {
    await anyMoment(world, roll);
    await renumber(world, roll);
    await kill.strike(world, roll);
  },
  over: nothing,
};

export const everyFault: readonly Fault[] = [
  kill,
  lostAnswer,
  redisKilled,
  slackTroubled,
  azureTroubled,
  renumbered,
];
