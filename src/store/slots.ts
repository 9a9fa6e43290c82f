/**
 * The slots of each schedule. Keys, below the prefix:
 *   slots           job → ISO time of the last slot that was put into the queue (hash)
 *   slots:finished  job → ISO time of the last slot whose run finished; before that the time of the first start (hash)
 * Retention: one field for each scheduled job; a later slot replaces the earlier one.
 */
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";

export const slotsRetention = { en: "one per scheduled job", ja: "スケジュールごとに 1 つ" };

export type SlotsPort = {
  last(job: string): Promise<string | undefined>;
  /** Never goes back: a process whose timer is late does not undo a newer slot. */
  set(job: string, slot: string): Promise<void>;
  /** From here on it is noticed when a slot does not finish; of the first start only. */
  begin(job: string, at: string): Promise<void>;
  /** A run of this slot finished. Never goes back. */
  finish(job: string, slot: string): Promise<void>;
  /** Job → the last slot that finished. */
  finished(): Promise<Record<string, string>>;
};

// ISO times of one form sort as text.
const setScript = `
local last = redis.call('HGET', KEYS[1], ARGV[1])
if last and last >= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`;

export function slotsPort(redis: RedisConnection, prefix: string, values: Values): SlotsPort {
  const key = `${prefix}:slots`;
  const finishedKey = `${key}:finished`;
  const last = async (job: string) => values.field(formats.slot, key, job, await redis.hget(key, job));
  return {
    last,

    async set(job, slot) {
      // One that cannot be read is moved first: as text it might be later than every time.
      await last(job);
      await redis.eval(setScript, 1, key, job, slot);
    },

    async begin(job, at) {
      await redis.hsetnx(finishedKey, job, at);
    },

    async finish(job, slot) {
      await redis.eval(setScript, 1, finishedKey, job, slot);
    },

    async finished() {
      const slots = await values.fields(formats.slot, finishedKey, await redis.hgetall(finishedKey));
      return Object.fromEntries(slots);
    },
  };
}
