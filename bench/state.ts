import { randomUUID } from "node:crypto";
import { connect as dial } from "node:net";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Log } from "../src/ports/process.ts";
import { laneNames, lanes } from "../src/queue/work.ts";
import { connect } from "../src/redis/connection.ts";
import { privateDirectory, socketPath } from "../src/redis/data-directory.ts";
import { eventually } from "./figure.ts";
import { channelIds } from "./ten-channels.ts";

const prefix = "{breakwater}";
const silent: Log = { info() {}, warn() {}, error() {}, debug() {} };

/** A view into the private Redis of a bot, from outside. */
export type State = {
  redis: Redis;
  /** Puts a job into the bot's queue, as another process of the bot would. */
  enqueue(job: string): Promise<void>;
  /** The commands that Redis is sent from now on, without those that its scripts call, until `stop`. */
  watch(): Promise<{ stop(): Promise<string[]> }>;
  /** How many notifications of each of the ten channels are recorded, and how many of them are in a message's making. */
  outboxes(): Promise<{ recorded: number; taken: number }[]>;
  /**
   * Empties the outboxes by hand and waits until no pump runs: a delivery takes as long as Slack's pace, and its last
   * minute says nothing about speed.
   */
  reset(): Promise<void>;
  close(): Promise<void>;
};

/** @param dataDir the bot's `BREAKWATER_DATA_DIR` */
export function stateOf(dataDir: string): State {
  const socket = socketPath(privateDirectory(dataDir), "redis.sock");
  const redis = connect({ socket }, silent) as Redis;
  const queues = laneNames.map((lane) => new Queue(lanes[lane].queue, { connection: redis, prefix }));
  const key = (channel: string, part: string) => `${prefix}:outbox:${channel}:${part}`;
  return {
    redis,
    async enqueue(job) {
      // The workers of every lane run whatever job they are given.
      await queues[0]!.add(job, { v: 1, payload: {} });
    },
    async watch() {
      const connection = dial(socket);
      let said = "";
      connection.setEncoding("utf8").on("data", (part: string) => {
        said += part;
      });
      connection.write("MONITOR\r\n");
      await eventually("an answer to MONITOR", () => said.includes("+OK"), { everyMs: 1 });
      return {
        async stop() {
          // What was sent before this echo has been said before it.
          const last = randomUUID();
          await redis.echo(last);
          await eventually("the last command", () => said.includes(last), { everyMs: 1 });
          connection.destroy();
          return commandsIn(said).filter((name) => name !== "echo");
        },
      };
    },
    async outboxes() {
      const pipeline = redis.pipeline();
      for (const channel of channelIds) pipeline.zcard(key(channel, "waiting")).hlen(key(channel, "placed"));
      const counts = ((await pipeline.exec()) ?? []).map(([, count]) => Number(count));
      return channelIds.map((_, index) => {
        const [waiting, taken] = [counts[2 * index]!, counts[2 * index + 1]!];
        return { recorded: waiting + taken, taken };
      });
    },
    async reset() {
      const outbox = () => redis.keys(`${prefix}:outbox:*`);
      await eventually("pumps at rest", async () => {
        const keys = await outbox();
        if (keys.length > 0) await redis.del(...keys);
        const counts = await Promise.all(
          queues.map((queue) => queue.getJobCounts("active", "delayed", "waiting")),
        );
        const jobs = counts.flatMap((count) => Object.values(count)).reduce((sum, one) => sum + one, 0);
        return keys.length === 0 && jobs === 0;
      });
    },
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

/** The names in `+TIME [DB CLIENT] "NAME" "ARGUMENT" …`; the client of a script's own commands is `lua`. */
function commandsIn(said: string): string[] {
  return [...said.matchAll(/^\+[\d.]+ \[\d+ (\S+)\] "(\w+)"/gm)]
    .filter(([, client]) => client !== "lua")
    .map(([, , name]) => name!.toLowerCase());
}
