import type { Bot } from "../playground/bot.ts";

/**
 * The value of a metric of the bot, the sum over its labels.
 * @param name without the `breakwater_` prefix
 * @param label only values with this label, as it is written: `job="trim"`
 */
export async function counted(bot: Bot, name: string, label = ""): Promise<number> {
  const lines = (await bot.metrics()).matchAll(
    new RegExp(`^breakwater_${name}(?:\\{([^}]*)\\})? (\\S+)$`, "gm"),
  );
  return [...lines]
    .filter(([, labels = ""]) => labels.includes(label))
    .reduce((sum, [, , value]) => sum + Number(value), 0);
}
