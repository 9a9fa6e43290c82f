import { z } from "zod";
import type { UpstreamError } from "../../errors.ts";
import type { OncePort } from "../../ports/store.ts";
import { blames } from "./refusals.ts";

/** Blocks that came in 2026 and that older or government workspaces refuse [Slack changelog, 20 May and 16 June 2026]. */
export const newBlocks = ["data_table", "data_visualization"] as const;

/** Block types that this workspace refused; remembered for a week, then tried again. */
export type Refused = { list(): Promise<string[]>; add(type: string): Promise<void> };

const record = "slack:refused-blocks";
const rememberedSeconds = 7 * 86_400;
const freshMs = 30_000;

/**
 * Kept in Redis, so that all processes know; read at most every half minute. Where Redis cannot be asked, what was known
 * last holds: an answer must not hang on it.
 */
export function refusedBlocks(once: Pick<OncePort, "keep" | "peek">): Refused {
  let known: { types: string[]; at: number } = { types: [], at: Number.NEGATIVE_INFINITY };
  const read = async () => (await once.peek(record, z.array(z.string()))) ?? [];
  return {
    async list() {
      if (Date.now() - known.at > freshMs)
        known = { types: await read().catch(() => known.types), at: Date.now() };
      return known.types;
    },
    async add(type) {
      known = { types: [...new Set([...known.types, type])], at: Date.now() };
      try {
        known = { ...known, types: [...new Set([...(await read()), type])] };
        await once.keep(record, known.types, rememberedSeconds);
      } catch {
        // This process knows it for half a minute, and learns it again.
      }
    },
  };
}

/** Remembers those of a refused message's newer blocks that the refusal can mean. */
export async function learn(refused: Refused, error: UpstreamError, types: readonly string[]): Promise<void> {
  for (const type of types) if (blames(error, type)) await refused.add(type);
}
