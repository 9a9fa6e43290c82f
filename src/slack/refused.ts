import type { OncePort } from "../store/once.ts";

/** Blocks that came in 2026 and that older or government workspaces refuse [Slack changelog, 20 May and 16 June 2026]. */
export const newBlocks = ["data_table", "data_visualization"] as const;

/** Block types that this workspace refused; remembered for a week, then tried again. */
export type Refused = { list(): Promise<string[]>; add(type: string): Promise<void> };

const record = "slack:refused-blocks";
const rememberedSeconds = 7 * 86_400;
const freshMs = 30_000;

/** Kept in Redis, so that all processes know; read at most every half minute. */
export function refusedBlocks(once: Pick<OncePort, "keep" | "peek">): Refused {
  let known: { types: string[]; at: number } | undefined;
  const list = async () => {
    if (!known || Date.now() - known.at > freshMs) {
      known = { types: (await once.peek<string[]>(record)) ?? [], at: Date.now() };
    }
    return known.types;
  };
  return {
    list,
    async add(type) {
      const types = [...new Set([...((await once.peek<string[]>(record)) ?? []), type])];
      await once.keep(record, types, rememberedSeconds);
      known = { types, at: Date.now() };
    },
  };
}
