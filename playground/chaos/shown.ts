import type { Message } from "../slack/message.ts";
import type { World } from "../world.ts";

/** What a channel does not show, and what it shows more than once, of names that each should be there once. */
export function lostAndDoubled(
  world: Pick<World, "slack">,
  channel: string,
  names: readonly string[],
): { lost: string[]; doubled: string[] } {
  const text = world.slack.messages(channel).map(textsOf).join("\n");
  const count = (name: string) => text.split(name).length - 1;
  return {
    lost: names.filter((name) => count(name) === 0),
    doubled: names.filter((name) => count(name) > 1),
  };
}

/** A message as it is read: its blocks, or its text where it has none, and what its files hold. */
function textsOf({ blocks, text, files }: Message): string {
  return [
    blocks ? JSON.stringify(blocks) : text,
    ...(files ?? []).map(({ content }) => content.toString()),
  ].join("\n");
}
