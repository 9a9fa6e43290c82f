import {
  type CompiledFile,
  type Flexible,
  type Item,
  type MessageBlock,
  most,
  type Piece,
  sizeOf,
} from "./piece.ts";
import { leastTable } from "./tables/table.ts";

export type Page = { blocks: MessageBlock[]; files: CompiledFile[] };

/** What of a message may stay with its headline although something longer before it goes below. */
const keptAtMost = { blocks: 15, characters: 5_500 };

/** Which newer blocks may be used. */
export type Forms = { dataTable: boolean; dataVisualization: boolean };

/**
 * Fills one page: as many items as fit, in order; the first that does not fit and all after it are the rest, except
 * notes and buttons, which stay. One table and two charts a page; the table takes the room that the others leave.
 */
export function fillPage(
  first: readonly MessageBlock[],
  items: readonly Item[],
  forms: Forms,
  limits: { blocks: number; characters: number } = most,
): { page: Page; rest: Item[] } {
  const placed = new Map<number, Piece>();
  const room = {
    blocks: limits.blocks - first.length,
    characters: limits.characters - sizeOf(first),
    charts: most.charts,
  };
  const take = (index: number, piece: Piece) => {
    placed.set(index, piece);
    room.blocks -= piece.blocks.length;
    room.characters -= sizeOf(piece.blocks);
  };
  const fits = (piece: Piece) =>
    piece.blocks.length <= room.blocks && sizeOf(piece.blocks) <= room.characters;

  let kept = { ...keptAtMost };
  for (const [index, item] of items.entries()) {
    if (!("blocks" in item) || !item.keep) continue;
    const size = sizeOf(item.blocks);
    if (item.blocks.length > kept.blocks || size > kept.characters || !fits(item)) continue;
    kept = { blocks: kept.blocks - item.blocks.length, characters: kept.characters - size };
    take(index, item);
  }

  let table: { index: number; item: Flexible; reserved: number } | undefined;
  let end = items.length;
  for (const [index, item] of items.entries()) {
    if (placed.has(index)) continue;
    if ("build" in item) {
      // As text a table is padded, so that its natural size says nothing.
      const reserved = forms.dataTable ? Math.min(item.natural, leastTable) : leastTable;
      if (!table && room.blocks >= 6 && room.characters >= reserved) {
        table = { index, item, reserved };
        room.blocks -= 6;
        room.characters -= reserved;
        continue;
      }
    } else {
      const drawn = "native" in item && forms.dataVisualization && room.charts > 0;
      const piece = "native" in item ? (drawn ? item.native : item.text) : item;
      if (fits(piece)) {
        take(index, piece);
        if (drawn) room.charts -= 1;
        continue;
      }
    }
    end = index;
    break;
  }
  if (table) {
    const budget = Math.min(
      table.reserved + room.characters,
      forms.dataTable ? Number.POSITIVE_INFINITY : 9_000,
    );
    placed.set(table.index, table.item.build(budget, forms.dataTable));
  }
  const chosen = items.flatMap((_, index) => placed.get(index) ?? []);
  return {
    page: {
      blocks: [...first, ...chosen.flatMap((piece) => piece.blocks)],
      files: chosen.flatMap((piece) => piece.files ?? []),
    },
    rest: items.filter((_, index) => index >= end && !placed.has(index)),
  };
}
