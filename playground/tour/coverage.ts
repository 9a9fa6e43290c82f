import { setTimeout } from "node:timers/promises";
import { visit } from "../azure/visitor.ts";
import { recordActivity } from "../estate/activity.ts";
import { cluster } from "../estate/containers.ts";
import { botRole, type Estate, type Subscription } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import type { World } from "../world.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

const production = "Contoso Production";
const culprit = "kenji@contoso.com";

const blind = "aks-prod-auto";

/** Gaps that are closed outside of Slack: what status calls them, how they are fixed, and the work of whoever does it. */
const gaps: {
  title: string;
  scope: string;
  cause: RegExp;
  fix: RegExp;
  close(world: World): unknown;
  again?: string;
}[] = [
  {
    title: "A deleted workspace: named by status, recovered with its command, and proven",
    scope: `"sub:${production}"`,
    cause: /Workspace deleted/,
    fix: /az monitor log-analytics workspace recover/,
    close: recoverWorkspace,
    again: " --fresh",
  },
  {
    title: "A blind cluster: its sensor is ready and nothing arrives, until its egress is allowed",
    scope: `cluster:${blind}`,
    cause: /No data in Defender/,
    fix: /blocked egress/,
    close: ({ azure }) => setData(azure.estate, true),
  },
];

const gapSteps = gaps.map(
  ({ title, scope, cause, fix, close, again = "" }): Step => ({
    title,
    async run(guide) {
      const before = await fixesOf(guide, scope);
      guide.check(cause.test(before), "the gap is named");
      guide.check(fix.test(before), "and how it is closed");
      await close(guide.world);
      guide.check(!cause.test(await fixesOf(guide, `${scope}${again}`)), "and it is gone");
    },
  }),
);

/** Coverage that is lost and comes back: who turned it off, and what nothing covers. */
export const coverageSteps: Step[] = [
  ...gapSteps,
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
      check(/6 clusters/.test(JSON.stringify(lost.blocks)), "and what is no longer protected");
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
  {
    title: "A cluster goes blind, and Defender sees it again: one message",
    async run({ world, check, show }) {
      const { estate } = world.azure;
      setData(estate, false);
      const lost = await received(world, /^Defender no longer sees what runs there: aks-prod-auto/);
      show("#platform receives:", lost);
      setData(estate, true);
      const now = await received(world, /^Defender sees what runs there again: aks-prod-auto/);
      show("The message in #platform is now:", now);
      check(now.ts === lost.ts, "it is the same message");
    },
  },
];

/** What status says of a scope, with all of its fixes. */
async function fixesOf({ type, showView, world: { slack } }: Guide, scope: string): Promise<string> {
  const shown = () => JSON.stringify(slack.openView(people.sam) ?? "");
  const before = shown();
  const message = await type(people.sam, channels.platform, `status ${scope}`);
  await slack.click({ user: people.sam, message, text: "Show fixes" });
  const fixes = await slack.until(() => {
    const view = shown();
    return view !== before && /to fix/.test(view) ? view : undefined;
  }, stepMs);
  showView("Sam presses [ Show fixes ]:", people.sam);
  return fixes;
}

/** The call of the az command, by someone who is Log Analytics Contributor. */
async function recoverWorkspace({ azure }: World): Promise<void> {
  const [workspace = ""] = azure.estate.deletedWorkspaces;
  const permissions = azure.estate.permissions[workspace.split("/")[2]!]!;
  permissions.push({ ...botRole(), actions: ["Microsoft.OperationalInsights/workspaces/write"] });
  const visitor = await visit(azure);
  await visitor.call("PUT", `${workspace}?api-version=2023-09-01`, { location: "japaneast" });
  visitor.close();
  permissions.pop();
  // What was read is kept for 15 seconds: then --fresh reads anew.
  await setTimeout(16_000);
}

/** Whether anything of the cluster reaches Defender. */
function setData(estate: Estate, arrives: boolean): void {
  const { id } = estate.clusters.find(({ name }) => name === blind)!;
  estate.unassessed = arrives ? [] : [id];
  estate.revision++;
}

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
