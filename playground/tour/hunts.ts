import type { Message } from "../slack/message.ts";
import { firstButton } from "./commands.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

/** A risk query that a channel watches. */
export const huntSteps: Step[] = [
  {
    title: "Watch a hunt: the channel hears of it when a registry gets an admin user, and when that is over",
    async run({ world, type, check, show }) {
      const { estate } = world.azure;
      await type(people.olivia, channels.platform, "hunt registry-admin-user --watch");
      show("#platform receives:", await received(world, /^Watching from now on/));
      const registry = estate.registries.find(({ name }) => name === "contosoprod")!;
      registry.properties.adminUserEnabled = true;
      estate.revision++;
      const appeared = await received(world, /^1 new match/);
      show("#platform receives:", appeared);
      check(JSON.stringify(appeared.blocks).includes("contosoprod"), "the registry is named");
      registry.properties.adminUserEnabled = false;
      estate.revision++;
      show("Once two readings lack it:", await received(world, /^1 gone/));
    },
  },
  {
    title: "End it again",
    async run({ world, type, check }) {
      const listed = await type(people.olivia, channels.platform, "subscriptions");
      check(/1 watched hunt/.test(listed.text), "the channel's watched hunts are listed");
      const asked = await type(people.olivia, channels.platform, "hunt registry-admin-user --unwatch");
      const yes = firstButton(asked.blocks, /^hunt --confirmed/);
      if (!yes) return check(false, "ending it has to be confirmed");
      const pressed = await world.slack.click({ user: people.olivia, message: asked, ...yes });
      const ended = await world.slack.until(() => pressed.answers().at(-1), stepMs);
      check(/no longer watches/.test(ended.text), "it is ended");
    },
  },
];

function received(world: Guide["world"], text: RegExp): Promise<Message> {
  return world.slack.until(
    () => topLevel(world, channels.platform).find((one) => text.test(one.text)),
    2 * stepMs,
  );
}
