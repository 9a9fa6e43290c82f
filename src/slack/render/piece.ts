import type { Block, KnownBlock } from "@slack/types";
import type { Steps } from "../../text/yield-to-event-loop.ts";

/** A block of a message, the chart included that `@slack/types` 3.2 does not know yet. */
export type MessageBlock = KnownBlock | DataVisualizationBlock;

/** `steps`: the bytes of what may be long, written in steps. */
export type CompiledFile = {
  name: string;
  title: string;
  content: string;
  steps?: () => Steps<Buffer<ArrayBuffer>>;
};

/** Some blocks that stay together. `keep`: stays with the headline when other pieces go below. */
export type Piece = { blocks: MessageBlock[]; files?: CompiledFile[]; keep?: boolean };

/** A piece whose size can be chosen: a table shows as many rows as there is room for. */
export type Flexible = {
  /** Characters with which everything is shown. */
  natural: number;
  build(budget: number, native: boolean): Piece;
};

/** A chart has a drawn form, of which a message takes two, and one of text. */
export type Either = { native: Piece; text: Piece };

export type Item = Piece | Flexible | Either;

/**
 * Slack refuses a message at about 13,200 characters (slackapi/bolt-js issue 2509) without saying what it counts: so
 * every string but the types counts here, and a little for each block; 12,000 is the limit we keep.
 */
export const most = { blocks: 45, characters: 12_000, charts: 2 };

function characters(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let sum = 0;
  for (const key in value) {
    if (key !== "type") sum += characters(value[key as keyof typeof value]);
  }
  return sum;
}

export function sizeOf(blocks: readonly unknown[]): number {
  return characters(blocks) + 20 * blocks.length;
}

export type Point = { label: string; value: number };

/** `data_visualization`, June 2026; to be dropped when `@slack/types` has it. Source: docs.slack.dev "Data visualization block". */
export type DataVisualizationBlock = Block & {
  type: "data_visualization";
  title: string;
  chart:
    | { type: "pie"; segments: Point[] }
    | {
        type: "line" | "bar" | "area";
        series: { name: string; data: Point[] }[];
        axis_config: { categories: string[]; x_label?: string; y_label?: string };
      };
};
