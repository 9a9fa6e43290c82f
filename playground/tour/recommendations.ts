import { setTimeout } from "node:timers/promises";
import type { Estate, Resource } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

/** What changed about recommendations since the last slot, posted on a schedule. */
export const recommendationSteps: Step[] = [
  {
    title: "Subscribe to recommendations: what is open now is the baseline",
    async run({ type, world, show }) {
      await type(people.olivia, channels.platform, "subscribe recommendations");
      show("#platform receives:", await received(world, /^Watching recommendations from now on/));
    },
  },
  {
    title: "One recommendation is fixed everywhere, another one affects more",
    async run({ world, type, check, show }) {
      const { estate } = world.azure;
      const fixed = rowsOf(estate, "Kubernetes API server should be configured with restricted access");
      const more = rowsOf(estate, "Role-Based Access Control should be used on Kubernetes Services");
      for (const row of fixed) setStatus(row, "Healthy");
      for (const row of more) setStatus(row, "Unhealthy");
      estate.revision++;
      // The watch compares the reading that everyone shares; one that is 15 seconds old is read anew by --fresh.
      await setTimeout(16_000);
      await type(people.guest, channels.platform, "recommendations --type control-plane --fresh");
      const digest = await received(world, /with more affected resources, \d+ fixed/);
      show("#platform receives:", digest);
      check(JSON.stringify(digest.blocks).includes("restricted access"), "what was fixed is named");
      check(/recommendation /.test(JSON.stringify(digest.blocks)), "a menu leads to the affected resources");
    },
  },
];

function received(world: Guide["world"], text: RegExp): Promise<Message> {
  return world.slack.until(
    () => topLevel(world, channels.platform).find((one) => text.test(one.text)),
    3 * stepMs,
  );
}

/** The assessments of one recommendation. */
export function rowsOf(estate: Estate, title: string): Resource[] {
  return estate.assessments.filter(({ properties }) => properties.displayName === title);
}

export function setStatus({ properties }: Resource, code: "Healthy" | "Unhealthy"): void {
  properties.status = { code, statusChangeDate: new Date().toISOString() };
}
