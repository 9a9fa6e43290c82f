import { setTimeout } from "node:timers/promises";
import { complianceRows } from "../estate/compliance.ts";
import { cisAks } from "../estate/compliance-facts.ts";
import type { Estate } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

/** Controls that are fixed. */
export const complianceSteps: Step[] = [
  {
    title: "Subscribe to compliance: the figures as they are",
    async run({ type, world, show }) {
      await type(people.olivia, channels.platform, "subscribe compliance");
      show("#platform receives:", await received(world, /^Watching compliance from now on/));
    },
  },
  {
    title: "A control of CIS AKS is fixed",
    async run({ type, world, show, check }) {
      const control = fix(world.azure.estate);
      // Whoever asks for a new reading gets one after 15 seconds; the watch compares the same.
      await setTimeout(16_000);
      await type(people.sam, channels.platform, "compliance --fresh");
      // What the steps before changed in recommendations is posted too.
      const changed = await received(world, /controls? pass(es)? now/, control);
      show("#platform receives:", changed);
      check(
        JSON.stringify(changed.blocks).includes(control),
        "the control is named, with what it was before",
      );
    },
  },
];

/** Closes the recommendation that a failed control rests on; the control's id. */
function fix(estate: Estate): string {
  const failed = complianceRows(estate).find(
    ({ id, type, properties }) =>
      type.endsWith("/regulatoryComplianceAssessments") &&
      properties.state === "Failed" &&
      id.includes(cisAks.name),
  );
  const [, , subscription = ""] = failed?.id.split("/") ?? [];
  for (const { id, name, properties } of estate.assessments)
    if (name === failed?.name && id.includes(subscription))
      Object.assign(properties.status as object, { code: "Healthy" });
  estate.revision++;
  return /regulatoryComplianceControls\/([^/]+)/.exec(failed!.id)![1]!;
}

function received(world: Guide["world"], text: RegExp, holding = ""): Promise<Message> {
  const fits = (one: Message) => text.test(one.text) && JSON.stringify(one.blocks).includes(holding);
  return world.slack.until(() => topLevel(world, channels.platform).find(fits), 3 * stepMs);
}
