import type { Message } from "../slack/message.ts";
import type { World } from "../world.ts";

/** What a channel does not show, and what it shows more than once, of names that each should be there once. */
export function lostAndDoubled(
  world: Pick<World, "slack">,
  channel: string,
  names: readonly string[],
): { lost: string[]; doubled: string[] } {
  const text = shownIn(world, channel);
  const counted = names.map((name) => ({ name, count: text.split(name).length - 1 }));
  return {
    lost: counted.filter(({ count }) => count === 0).map(({ name }) => name),
    doubled: counted.filter(({ count }) => count > 1).map(({ name }) => name),
  };
}

/** Whether the channel shows every name; quick to say no, since it is asked after every change. */
export function allShown(world: Pick<World, "slack">, channel: string, names: readonly string[]): boolean {
  const text = shownIn(world, channel);
  return names.every((name) => text.includes(name));
}

function shownIn({ slack }: Pick<World, "slack">, channel: string): string {
  return slack.messages(channel).map(textsOf).join("\n");
}

/** Texts of blocks and files, which are replaced and never changed: a channel is read again after every change. */
const texts = new WeakMap<object, string>();

function once<Value extends object>(value: Value, textOf: (value: Value) => string): string {
  const text = texts.get(value) ?? textOf(value);
  texts.set(value, text);
  return text;
}

/** A message as it is read: its blocks, or its text where it has none, and what its files hold. */
function textsOf({ blocks, text, files }: Message): string {
  return [
    blocks ? once(blocks, JSON.stringify) : text,
    ...(files ?? []).map(({ content }) => once(content, (bytes) => bytes.toString())),
  ].join("\n");
}
