import type { OutboxRecord } from "../../ports/outbox.ts";

const rowsInBlock = 250;

/** Cuts the rows into blocks of a few hundred events, so that no transaction keeps Redis from others for long. */
export function blocksOf(
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
