/**
 * Readings of the estate that everyone shares. Keys, below the prefix:
 *   readings:KIND            when it was read, from what, and its chunks (string, JSON)
 *   readings:KIND:outdated   ISO time: what began to be read before it is not used (string)
 *   readings:KIND:failed     the failure of the last reading (string, JSON; a minute)
 *   readings:KIND:ID:N       some hundred rows (string, packed and deflated)
 * Retention: an hour; a minute for what a later reading replaced.
 */

import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type { Unread } from "../../domain/reading/reading.ts";
import type { ReadingFailure, ReadingHead, SharedKind, SharedReadingsPort } from "../../ports/readings.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { each } from "../../text/each.ts";
import { packRows, unpackRows } from "../../text/packed-rows.ts";
import { deflated, inflated, newerForm } from "../findings/pieces.ts";
import { count, format, time } from "../values/format-parts.ts";
import type { Values } from "../values/read.ts";
import { keepNewer } from "../values/stored-value.ts";
import { readingForms } from "./forms.ts";

export const readingsRetention = { en: "an hour", ja: "1 時間" };
const keptSeconds = 3600;
const replacedSeconds = 60;
/** Rows that are packed, unpacked and parsed without a pause: some milliseconds. */
const rowsInChunk = 250;
const chunksAtOnce = 8;
const chunksPackedAtOnce = 3;

const subscription = z.looseObject({ id: z.string(), name: z.string() });
const headFormat = format<ReadingHead>("readings", {
  began: time,
  asOf: time,
  id: z.string().min(1),
  chunks: count,
  subscriptions: count,
  estate: z.array(subscription),
  unread: z.array(
    z.looseObject({ id: z.string(), name: z.string(), why: z.string(), detail: z.string() }),
  ) as unknown as z.ZodType<Unread[]>,
});
const failureFormat = format<ReadingFailure>("readings", {
  at: time,
  message: z.string(),
  code: z.string(),
  status: z.number(),
  retryable: z.boolean(),
});
const outdatedFormat = { kind: "readings" as const, schema: time, plain: true as const };

const saveScript = `${keepNewer}
local before = redis.call('GET', KEYS[1])
local began = before and string.match(before, '^{"v":1,"began":"([^"]*)"')
if newer(before) or (began and began > ARGV[2]) then return false end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return before`;

export function sharedReadingsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
): SharedReadingsPort {
  const keyOf = (kind: SharedKind, ...more: (string | number)[]) =>
    [prefix, "readings", kind, ...more].join(":");

  async function rowsOf(kind: SharedKind, key: string, piece: Buffer): Promise<unknown[] | undefined> {
    const newer = newerForm(piece);
    if (newer !== undefined) {
      await values.note({ key, how: "key" }, newer, "readings");
      return undefined;
    }
    try {
      const text = Buffer.from(await inflated(piece)).toString();
      return unpackRows(text).map((row) => readingForms[kind].row.parse(row));
    } catch (error) {
      await values.move({ key, how: "key" }, piece, "readings", reasonOf(error));
      return undefined;
    }
  }

  return {
    async head(kind) {
      const [at, until] = [keyOf(kind), keyOf(kind, "outdated")];
      const [text, outdatedText] = await redis.mget(at, until);
      const head = await values.text(headFormat, text, at);
      const outdated = await values.text(outdatedFormat, outdatedText, until);
      return head && outdated !== undefined && head.began < outdated ? undefined : head;
    },

    async open(kind, head) {
      const rows: unknown[] = [];
      const keys = Array.from({ length: head.chunks }, (_, index) => keyOf(kind, head.id, index));
      for (let from = 0; from < keys.length; from += chunksAtOnce) {
        const some = keys.slice(from, from + chunksAtOnce);
        const pieces = await redis.mgetBuffer(...some);
        for (const [index, key] of some.entries()) {
          const piece = pieces[index];
          const parsed = piece ? await rowsOf(kind, key, piece) : undefined;
          if (!parsed) return undefined;
          for (const row of parsed) rows.push(row);
          await setImmediate();
        }
      }
      const { id: _, chunks: __, ...about } = head;
      return { ...about, value: readingForms[kind].valueOf(rows) };
    },

    async save(kind, { value, began, ...about }) {
      const id = randomUUID();
      const all = [...inChunks(readingForms[kind].rowsOf(value))].map(
        (some, index) => [index, some] as const,
      );
      const store = async ([index, some]: readonly [number, unknown[]]) => {
        await setImmediate();
        // Other threads deflate while this one packs the next rows.
        const piece = await deflated(Buffer.from(packRows(some)));
        await redis.set(keyOf(kind, id, index), piece, "EX", keptSeconds);
      };
      await each(all, store, chunksPackedAtOnce);
      // The script looks for the time of the reading next to the version.
      const head: ReadingHead = { began, ...about, id, chunks: all.length };
      const text = JSON.stringify({ v: 1, ...head });
      const before = await redis.eval(saveScript, 1, keyOf(kind), text, began, keptSeconds);
      const replaced = await values.text(headFormat, before, keyOf(kind));
      if (replaced && replaced.id !== id) {
        const pipeline = redis.pipeline();
        for (let index = 0; index < replaced.chunks; index++)
          pipeline.expire(keyOf(kind, replaced.id, index), replacedSeconds);
        await pipeline.exec();
      }
      return head;
    },

    async outdate(kind, at) {
      await redis.set(keyOf(kind, "outdated"), at, "EX", keptSeconds);
    },

    async failure(kind) {
      const key = keyOf(kind, "failed");
      return values.text(failureFormat, await redis.get(key), key);
    },

    async fail(kind, failure) {
      const text = JSON.stringify({ v: 1, ...failure });
      await redis.set(keyOf(kind, "failed"), text, "EX", replacedSeconds);
    },
  };
}

function* inChunks(rows: Iterable<unknown>): Generator<unknown[]> {
  let some: unknown[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < rowsInChunk) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What is wrong with a piece, in a few words and without the value itself. */
function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : "can't be read";
  const [issue] = error.issues;
  return `${issue?.path.join(".") || "a row"}: ${issue?.message ?? "does not fit"}`;
}
