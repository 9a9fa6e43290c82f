import { setTimeout } from "node:timers/promises";
import { recordActivity } from "../estate/activity.ts";
import { cluster } from "../estate/containers.ts";
import type { Estate, Subscription } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

const production = "Contoso Production";
const culprit = "kenji@contoso.com";

/** Coverage that is lost and comes back: who turned it off, and what nothing covers. */
export const coverageSteps: Step[] = [
  {
    title: "Subscribe to coverage: what there is now is the baseline",
    async run({ type, world, show }) {
      await type(people.olivia, channels.platform, "subscribe coverage");
      show("#platform receives:", await received(world, /^Watching coverage from now on/));
    },
  },
  {
    title: "Somebody turns the plan off, a sensor disappears, and a cluster appears that nothing covers",
    async run(guide) {
      const { world, check, show } = guide;
      const { estate } = world.azure;
      setPlan(estate, "Free", new Date());
      const [automatic] = estate.clusters.filter(({ name }) => name === "aks-demo");
      const { securityProfile } = automatic!.properties as { securityProfile: { defender?: object } };
      delete securityProfile.defender;
      const innovation = estate.subscriptions.find(
        ({ displayName }) => displayName === "Contoso Innovation",
      )!;
      estate.clusters.push(cluster(innovation, "aks-new-lab", { sensor: false, policyAddon: false }));
      estate.revision++;
      await readAnew(guide, people.olivia);
      const lost = await received(world, /^Defender for Containers was turned off/);
      const sensor = await received(world, /^Defender sensor was turned off: aks-demo/);
      const uncovered = await received(world, /^New and not covered by Defender: aks-new-lab/);
      show("#platform receives:", lost, sensor, uncovered);
      check(JSON.stringify(lost.blocks).includes(culprit), "who turned it off is named");
      check(/5 clusters/.test(JSON.stringify(lost.blocks)), "and what is no longer protected");
    },
  },
  {
    title: "The plan is turned on again: the same message says so",
    async run(guide) {
      const { world, check, show } = guide;
      const lost = await received(world, /^Defender for Containers was turned off/);
      setPlan(world.azure.estate, "Standard", new Date());
      await readAnew(guide, people.akira);
      const now = await received(world, /^Defender for Containers is on again/);
      show("The message in #platform is now:", now);
      check(now.ts === lost.ts, "it is the same message");
      const reply = await world.slack.until(
        () => world.slack.thread(now).find(({ text }) => /^Recovered after/.test(text)),
        stepMs,
      );
      check(reply !== undefined, "a reply says that it recovered");
    },
  },
];

function received(world: Guide["world"], text: RegExp): Promise<Message> {
  return world.slack.until(
    () => topLevel(world, channels.platform).find((one) => text.test(one.text)),
    3 * stepMs,
  );
}

/** The watch compares the reading that everyone shares; one that is 15 seconds old is read anew by --fresh. */
async function readAnew({ type }: Guide, person: string): Promise<void> {
  await setTimeout(16_000);
  await type(person, channels.platform, `status "sub:${production}" --fresh`);
}

function setPlan(estate: Estate, pricingTier: "Free" | "Standard", at: Date): void {
  const owner = estate.subscriptions.find(({ displayName }) => displayName === production) as Subscription;
  const resource = `${owner.id}/providers/Microsoft.Security/pricings/Containers`;
  const plan = estate.pricings.find(({ id }) => id === resource)!;
  plan.properties.pricingTier = pricingTier;
  plan.properties.resourcesCoverageStatus = pricingTier === "Free" ? "NotCovered" : "FullyCovered";
  recordActivity(estate, { resource, operation: "Microsoft.Security/pricings/write", caller: culprit, at });
  estate.revision++;
}
