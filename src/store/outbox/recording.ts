import type { OutboxEvent, OutboxPort, OutboxRecord, OutboxRow } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { checked } from "../values/key-types.ts";
import { recordScript, storeScript } from "./scripts.ts";

const secondsInDay = 86_400;

/** Stores events with the rows of each channel. */
export function outboxRecording(redis: RedisConnection, prefix: string, days: number): OutboxPort["record"] {
  const eventKey = (id: string) => `${prefix}:event:${id}`;
  return async (events, channels, now) => {
    const stale = new Map(events.map((event) => [event.id, event]));
    const sums = new Map(channels.map(({ channel }) => [channel, { recorded: 0, updated: 0 }]));
    const conflicts: string[] = [];
    // An event without a revision is stored for those who get it only; one with a revision is also raised.
    const revised = events.filter(
      ({ revision, expected }) => revision !== undefined && expected !== undefined,
    );
    for (const block of blocksOf(
      revised.map(({ id }) => id),
      channels,
    )) {
      // One transaction: a change that is stored, but put down in no channel, would never be shown.
      const transaction = redis.multi();
      const stored = block.ids.flatMap((id) => stale.get(id) ?? []);
      const keys = stored.map(({ id }) => eventKey(id));
      const texts = stored.flatMap((event) => storedValues(event, days));
      transaction.eval(checked(storeScript, keys, prefix), keys.length, ...keys, ...texts);
      for (const { channel, rows } of block.channels) {
        const key = (part: string) => `${prefix}:outbox:${channel}:${part}`;
        const on = [...["waiting", "placed", "changed", "before"].map(key), `${prefix}:outbox:busy`];
        const keys = [...on, ...rows.map(({ id }) => eventKey(id))];
        const first = Date.parse(now) * 1000 + block.from;
        const values = rows.flatMap((row) => valuesOf(row, stale.get(row.id)));
        transaction.eval(checked(recordScript, on, prefix), keys.length, ...keys, channel, first, ...values);
      }
      for (const { channel, language } of block.channels) {
        transaction.sadd(`${prefix}:outbox:channels`, channel);
        if (language) transaction.hset(`${prefix}:outbox:${channel}:about`, "language", language);
      }
      const [outcomes = [], ...sumsOf] = ((await transaction.exec()) ?? []).map(([error, answer]) => {
        if (error) throw error;
        return answer as number[];
      });
      conflicts.push(...stored.filter((_, index) => outcomes[index] === -1).map(({ id }) => id));
      block.channels.forEach(({ channel }, index) => {
        const [recorded, updated] = sumsOf[index]!;
        const sum = sums.get(channel)!;
        sum.recorded += recorded ?? 0;
        sum.updated += updated ?? 0;
      });
    }
    return { sums, conflicts };
  };
}

function storedValues({ expected, ...event }: OutboxEvent, days: number): (string | number)[] {
  const seconds = (event.keptDays ?? days) * secondsInDay;
  return [JSON.stringify(event), seconds, event.revision ?? "", expected ?? ""];
}

function valuesOf({ id, before, known }: OutboxRow, event: OutboxEvent | undefined): (string | number)[] {
  return [id, before ?? "", known ? 1 : 0, event?.revision ?? ""];
}

const rowsInBlock = 250;

/** Cuts the rows into blocks of a few hundred events, so that no transaction keeps Redis from others for long. */
function blocksOf(
  events: readonly string[],
  channels: readonly OutboxRecord[],
): { from: number; ids: string[]; channels: OutboxRecord[] }[] {
  const ids = [...new Set([...events, ...channels.flatMap(({ rows }) => rows.map(({ id }) => id))])];
  const blocks: { from: number; ids: string[]; channels: OutboxRecord[] }[] = [];
  for (let from = 0; from < ids.length; from += rowsInBlock) {
    const some = new Set(ids.slice(from, from + rowsInBlock));
    const inBlock = channels
      .map((record) => ({ ...record, rows: record.rows.filter(({ id }) => some.has(id)) }))
      .filter(({ rows }) => rows.length > 0);
    blocks.push({ from: from * 4, ids: [...some], channels: inBlock });
  }
  return blocks;
}
