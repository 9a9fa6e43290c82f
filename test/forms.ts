import type { Message } from "../playground/slack/message.ts";
import type { World } from "../playground/world.ts";

/** Presses what opens a form, and submits the form unchanged. */
export async function submitForm(world: World, user: string, message: Message, text: string): Promise<void> {
  const before = world.slack.openView(user)?.id;
  await world.slack.click({ user, message, text });
  const view = await world.slack.until(() => {
    const open = world.slack.openView(user);
    return open && open.id !== before && open.blocks.some(({ type }) => type === "input") ? open : undefined;
  }, 60_000);
  await world.slack.submit({ user, view });
}
