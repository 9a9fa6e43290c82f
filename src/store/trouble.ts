/**
 * Troubles that somebody was told about, so that each is told once, and its end too. Keys, below the prefix:
 *   trouble   what → since when, the detail, and who is concerned (hash, JSON)
 * Retention: until it is over.
 */
import type { TroubleKind } from "../domain/trouble.ts";
import type { RedisConnection } from "./connection.ts";

export const troubleRetention = { en: "until it is over", ja: "解決するまで" };

export type Trouble = { since: string; detail: string; kind: TroubleKind; name: string; channels: string[] };

export type TroublePort = {
  /** Opens it, or leaves it as it is; the trouble as it stands then. Safe to repeat. */
  open(what: string, about: Trouble): Promise<Trouble>;
  find(what: string): Promise<Trouble | undefined>;
  /** Ends it. Safe to repeat: whoever tells of the end does so before. */
  close(what: string): Promise<void>;
  list(): Promise<(Trouble & { what: string })[]>;
};

const openScript = `
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])`;

export function troublePort(redis: RedisConnection, prefix: string): TroublePort {
  const key = `${prefix}:trouble`;
  return {
    async open(what, about) {
      return troubleOf(
        String(await redis.eval(openScript, 1, key, what, JSON.stringify({ v: 1, ...about }))),
      );
    },

    async find(what) {
      const text = await redis.hget(key, what);
      return text === null ? undefined : troubleOf(text);
    },

    async close(what) {
      await redis.hdel(key, what);
    },

    async list() {
      const all = Object.entries(await redis.hgetall(key)).map(([what, text]) => ({
        what,
        ...troubleOf(text),
      }));
      return all.sort((a, b) => a.since.localeCompare(b.since));
    },
  };
}

function troubleOf(text: string): Trouble {
  const { v: _, ...trouble } = JSON.parse(text) as Trouble & { v: 1 };
  return trouble;
}
