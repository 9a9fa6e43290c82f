import { setTimeout } from "node:timers/promises";
import { complianceRows } from "../estate/compliance.ts";
import { cisAks } from "../estate/compliance-facts.ts";
import type { Estate } from "../estate/estate.ts";
import type { Message } from "../slack/message.ts";
import { topLevel } from "./feed.ts";
import { channels, type Guide, patience, people, type Step } from "./tour.ts";

/** Controls that begin to fail. */
export const complianceSteps: Step[] = [
  {
    title: "Subscribe to compliance: the figures as they are",
    async run({ type, world, show }) {
      await type(people.olivia, channels.platform, "subscribe compliance");
      show("#platform receives:", await received(world, /^Watching compliance from now on/));
    },
  },
  {
    title: "A control of CIS AKS begins to fail",
    async run({ type, world, show, check }) {
      const control = fail(world.azure.estate);
      // Whoever asks for a new reading gets one after 15 seconds; the watch compares the same.
      await setTimeout(16_000);
      await type(people.sam, channels.platform, "compliance --fresh");
      const changed = await received(world, /controls? fails? now/);
      show("#platform receives:", changed);
      check(
        JSON.stringify(changed.blocks).includes(control),
        "the control is named, with what it was before",
      );
    },
  },
];

/** Makes a recommendation unhealthy that a passed control rests on; the control's id. */
function fail(estate: Estate): string {
  const passed = complianceRows(estate).find(
    ({ id, type, properties }) =>
      type.endsWith("/regulatoryComplianceAssessments") &&
      properties.state === "Passed" &&
      id.includes(cisAks.name),
  );
  const [, , subscription = ""] = passed?.id.split("/") ?? [];
  const assessment = estate.assessments.find(
    ({ id, name, properties }) =>
      name === passed?.name &&
      id.includes(subscription) &&
      (properties.status as { code: string }).code === "Healthy",
  );
  Object.assign(assessment!.properties.status as object, { code: "Unhealthy" });
  estate.revision++;
  return /regulatoryComplianceControls\/([^/]+)/.exec(passed!.id)![1]!;
}

function received(world: Guide["world"], text: RegExp): Promise<Message> {
  return world.slack.until(
    () => topLevel(world, channels.platform).find((one) => text.test(one.text)),
    3 * patience,
  );
}
