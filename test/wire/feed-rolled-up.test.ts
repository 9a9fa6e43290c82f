import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertTypes } from "../../playground/estate/alert-types.ts";
import { type Alert, changeAlert, newAlert } from "../../playground/estate/estate.ts";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { submitForm } from "../forms.ts";

const [akira, channel] = ["U0AKIRA0001", "C0SECURITY1"] as const;
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [${akira}]
channels:
  - { channel: ${channel}, topics: [alerts] }
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" } });
  await world.slack.until(() => world.slack.messages(channel).length > 0, 60_000);
}, 180_000);
afterAll(() => world?.end());

const shown = ({ text, blocks }: Message) => `${text}\n${JSON.stringify(blocks ?? "")}`;
const messageWith = (entity: string) =>
  world.slack.until(() => world.slack.messages(channel).find((one) => shown(one).includes(entity)), 60_000);
const now = (message: Message) => world.slack.messages(channel).find(({ ts }) => ts === message.ts)!;
const reading = (message: Message, pattern: RegExp) =>
  world.slack.until(() => (pattern.test(shown(now(message))) ? now(message) : undefined), 60_000);
const note = (message: Message, pattern: RegExp) =>
  world.slack.until(() => world.slack.thread(message).find(({ text }) => pattern.test(text)), 60_000);

/** Two alerts of one type on one cluster: the second is a reply below the first. */
async function repeated(alertType: string) {
  const cluster = world.azure.estate.clusters[0]!;
  const raise = (entity: string) =>
    newAlert(world.azure.estate, {
      alertType,
      severity: "Medium",
      cluster,
      properties: { compromisedEntity: entity },
    });
  raise(`${alertType}-first`);
  const head = await messageWith(`${alertType}-first`);
  const alert = raise(`${alertType}-second`);
  const reply = await messageWith(`${alertType}-second`);
  expect(reply.thread_ts).toBe(head.ts);
  return { head, alert, reply, cluster: cluster.name };
}

const titleOf = (alert: Alert) => String(alert.properties.alertDisplayName);

describe("an alert that is rolled up under another", { timeout: 180_000 }, () => {
  it("shows Resolved and offers Reopen in its own reply after its button was pressed, and the note names it", async () => {
    const { head, alert, reply, cluster } = await repeated("K8S_SensitiveMount");
    await submitForm(world, akira, reply, "Resolve…");
    const after = shown(await reading(reply, /"Reopen"/));
    expect(after).toContain("Resolved");
    expect(after).not.toContain('"Resolve…"');
    const { text } = await note(head, /State is now Resolved/);
    expect(text).toContain(`${titleOf(alert)} · ${cluster}`);
    expect(shown(await reading(head, /Resolved or dismissed: 1 of 2/))).toContain('"Resolve…"');
  });

  it("shows what was changed in the portal, and shows Active again when it is reopened there", async () => {
    const { head, alert, reply } = await repeated("K8S_ExposedKubeflow");
    changeAlert(world.azure.estate, alert, { status: "Resolved" });
    await reading(reply, /"Reopen"/);
    await note(head, /State is now Resolved/);
    changeAlert(world.azure.estate, alert, { status: "Active" });
    await reading(reply, /"Resolve…"/);
    await note(head, /State is now Active/);
    expect(world.slack.messages(channel).filter(({ ts }) => ts === reply.ts)).toHaveLength(1);
  });
});

describe("alerts that are listed in a bundle's table", { timeout: 180_000 }, () => {
  it("show their states there, edited in place: two of eight resolved", async () => {
    const cluster = world.azure.estate.clusters[1]!;
    const types = alertTypes.filter(([id]) => id.startsWith("K8S.NODE_")).slice(0, 8);
    const alerts = types.map(([alertType], index) =>
      newAlert(world.azure.estate, {
        alertType,
        severity: "Medium",
        cluster,
        properties: { compromisedEntity: `listed-${index}-end` },
      }),
    );
    const page = await messageWith("listed-7-end");
    expect(states(page)).toEqual(Array.from({ length: 8 }, () => "Active"));
    changeAlert(world.azure.estate, alerts[2]!, { status: "Resolved" });
    changeAlert(world.azure.estate, alerts[5]!, { status: "Resolved" });
    await world.slack.until(
      () => states(now(page)).filter((state) => state === "Resolved").length === 2,
      60_000,
    );
    const rows = rowsOf(now(page));
    // Alerts of one severity and the same millisecond stand in any order.
    const resolved = rows.filter((row) => row.includes("Resolved")).map((row) => row.match(/listed-\d/)?.[0]);
    expect(resolved.sort()).toEqual(["listed-2", "listed-5"]);
  });
});

type Table = { type: string; rows?: unknown[] };
/** The rows below the heading, as JSON. */
const rowsOf = ({ blocks = [] }: Message) =>
  ((blocks as Table[]).find(({ type }) => type === "data_table")?.rows ?? [])
    .slice(1)
    .map((row) => JSON.stringify(row));
const states = (message: Message) => rowsOf(message).map((row) => row.match(/Active|Resolved/)?.[0]);
