import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeAlert, newAlert } from "../../playground/estate/estate.ts";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { submitForm } from "../forms.ts";

const [akira, channel, everything] = ["U0AKIRA0001", "C0SECURITY1", "C0PLATFORM1"] as const;
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [${akira}]
channels:
  - { channel: ${channel}, topics: [alerts] }
  - { channel: ${everything}, topics: [alerts], state: all }
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" } });
  await world.slack.until(() => world.slack.messages(channel).length > 0, 60_000);
}, 180_000);
afterAll(() => world?.end());

const shown = ({ text, blocks }: Message) => `${text}\n${JSON.stringify(blocks ?? "")}`;
const holding = (entity: string, where: string = channel) =>
  world.slack.messages(where).find((one) => shown(one).includes(entity));
async function posted(entity: string, alertType: string) {
  const { estate } = world.azure;
  const alert = newAlert(estate, {
    alertType,
    severity: "Medium",
    properties: { compromisedEntity: entity },
  });
  return { alert, message: await world.slack.until(() => holding(entity), 60_000) };
}
const now = (message: Message) =>
  world.slack.messages(channel).find(({ ts }) => ts === message.ts) ?? message;
/** Presses Resolve while no poll gets an answer, until the message says so. */
async function resolved(message: Message): Promise<void> {
  const polls = { path: /ResourceGraph|Microsoft\.Security\/alerts$/ };
  world.azure.faults.add({ kind: "status", status: 503, retryAfter: 0, match: polls });
  await submitForm(world, akira, now(message), "Resolve…");
  await world.slack.until(() => now(message).text.includes("Resolved"), 60_000);
  await world.slack.until(() => world.slack.thread(message).length > 0, 60_000);
}
/** The message once it says Active again, with the buttons of an alert that is. */
async function activeAgain(message: Message): Promise<string> {
  await world.slack.until(() => !now(message).text.includes("Resolved"), 60_000);
  const note = await world.slack.until(() => world.slack.thread(message)[1], 60_000);
  expect(note.text).toContain("State is now Active (was Resolved)");
  expect(shown(note)).toContain("outside Slack, or the last change through Breakwater did not take effect");
  return shown(now(message));
}

describe("the message of an alert", { timeout: 180_000 }, () => {
  it("says Active again where Azure answered 204 and left the alert as it was", async () => {
    const { message } = await posted("left-as-it-was", "K8S_DeleteEvents");
    world.azure.faults.add({ kind: "unchanged", times: 1, match: { path: /\/resolve$/ } });
    await resolved(message);
    world.azure.faults.clear();
    expect(await activeAgain(message)).toMatch(/"Resolve…"/);
  });

  it("says Active again where the alert was reopened in the portal before a poll saw it resolved", async () => {
    const { alert, message } = await posted("reopened-at-once", "K8S_ExposedDashboard");
    await resolved(message);
    changeAlert(world.azure.estate, alert, { status: "Active" });
    world.azure.faults.clear();
    expect(await activeAgain(message)).toMatch(/"Resolve…"/);
  });
});

describe("an alert that arrives dismissed by a suppression rule", { timeout: 180_000 }, () => {
  it("is posted where all states are asked for only, and everywhere once it is active again", async () => {
    const { estate } = world.azure;
    const dismissed = newAlert(estate, {
      alertType: "K8S_PrivilegedContainer",
      severity: "Medium",
      properties: { compromisedEntity: "arrived-dismissed", status: "Dismissed" },
    });
    await world.slack.until(() => holding("arrived-dismissed", everything), 60_000);
    await posted("arrived-after-it", "K8S_ExposedPostgreSQL");
    expect(holding("arrived-dismissed")).toBeUndefined();
    changeAlert(estate, dismissed, { status: "Active" });
    const message = await world.slack.until(() => holding("arrived-dismissed"), 60_000);
    expect(shown(message)).toMatch(/"Resolve…"/);
  });
});
