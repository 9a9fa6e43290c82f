import { randomUUID } from "node:crypto";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import { checked } from "../values/key-types.ts";
import type { Values } from "../values/read.ts";
import type { SnapshotRef } from "./snapshot-ref.ts";

/** `newer`: a newer version of the bot wrote a snapshot; this one neither replaces it nor removes its pieces. */
export type SnapshotState = {
  revision: string;
  current?: SnapshotRef;
  previous?: SnapshotRef;
  newer?: true;
};

export type FindingsState = {
  read(): Promise<SnapshotState>;
  piece(id: string): Promise<Buffer | null>;
  /** Moves a piece that cannot be read out of the way; one of a newer version is only noted. */
  unreadable(id: string, bytes: Buffer, why: string, newer?: number): Promise<void>;
  /** Writes a piece that no snapshot names yet; its name. */
  put(bytes: Buffer): Promise<string>;
  /** Makes a snapshot the current one; false where the state is another one meanwhile, or a piece was swept away. */
  commit(before: SnapshotState, current: SnapshotRef, added: readonly string[]): Promise<boolean>;
  /** Removes pieces that no snapshot names: those of a write that did not end, and of snapshots no longer kept. */
  sweep(): Promise<void>;
};

// The revision tells whether the state is still the one that was read. Sent twice, it finds its own one.
const commitScript = `
local revision = redis.call('HGET', KEYS[1], 'revision') or ''
if revision == ARGV[2] then return 1 end
if revision ~= ARGV[1] then return 0 end
for i = 2, #KEYS do if redis.call('EXISTS', KEYS[i]) == 0 then return 0 end end
redis.call('HSET', KEYS[1], 'v', '1', 'revision', ARGV[2], 'current', ARGV[3])
if ARGV[4] == '' then redis.call('HDEL', KEYS[1], 'previous') else redis.call('HSET', KEYS[1], 'previous', ARGV[4]) end
redis.call('HDEL', KEYS[1], 'held')
return 1`;

const sweepScript = `
if (redis.call('HGET', KEYS[1], 'revision') or '') ~= ARGV[1] then return 0 end
for i = 3, #KEYS do
  redis.call('UNLINK', KEYS[i])
  redis.call('SREM', KEYS[2], ARGV[i - 1])
end
return 1`;

const putScript = `
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

const sweptAtOnce = 200;

export function findingsState(redis: RedisConnection, prefix: string, values: Values): FindingsState {
  const state = `${prefix}:findings:state`;
  const pieces = `${prefix}:findings:pieces`;
  const pieceKey = (id: string) => `${prefix}:findings:piece:${id}`;
  const read = async (): Promise<SnapshotState> => {
    const [revision, ...texts] = await redis.hmget(state, "revision", "current", "previous");
    const current = await values.field(formats.snapshot, state, "current", texts[0]);
    const previous = await values.field(formats.snapshot, state, "previous", texts[1]);
    const newer = texts.some((text) => values.isNewer(formats.snapshot, text));
    return {
      revision: revision ?? "",
      ...(current && { current }),
      ...(previous && { previous }),
      ...(newer && { newer: true }),
    };
  };
  return {
    read,

    piece: (id) => redis.getBuffer(pieceKey(id)),

    async unreadable(id, bytes, why, newer) {
      const key = pieceKey(id);
      if (newer) await values.note({ key, how: "item" }, newer, "findings");
      else await values.move({ key, how: "key" }, bytes, "findings", why);
    },

    async put(bytes) {
      const id = randomUUID().slice(0, 13);
      await redis.eval(putScript, 2, pieceKey(id), pieces, id, bytes);
      return id;
    },

    async commit(before, current, added) {
      if (before.newer) return false;
      const keys = [state, ...added.map(pieceKey)];
      const old = before.current ? JSON.stringify(before.current) : "";
      const values = [before.revision, randomUUID(), JSON.stringify(current), old];
      return (await redis.eval(checked(commitScript, keys, prefix), keys.length, ...keys, ...values)) === 1;
    },

    async sweep() {
      const { revision, current, previous, newer } = await read();
      if (newer) return;
      const named = new Set([current, previous].flatMap((ref) => (ref ? piecesOf(ref) : [])));
      const left = (await redis.smembers(pieces)).filter((id) => !named.has(id));
      for (let from = 0; from < left.length; from += sweptAtOnce) {
        const some = left.slice(from, from + sweptAtOnce);
        const keys = [state, pieces, ...some.map(pieceKey)];
        await redis.eval(sweepScript, keys.length, ...keys, revision, ...some);
      }
    },
  };
}

function piecesOf({ base, patches, dictionary }: SnapshotRef): string[] {
  return [...base, ...patches, ...dictionary];
}
