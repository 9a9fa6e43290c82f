import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lostAndDoubled } from "../../playground/chaos/shown.ts";
import { alertTypes } from "../../playground/estate/alert-types.ts";
import { type Alert, changeAlert, estateOf, newAlert } from "../../playground/estate/estate.ts";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";

const [all, high, one, admin] = ["C0SECURITY1", "C0PLATFORM1", "C0JAPAN0001", "C0ADMIN0001"] as const;
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [S0OPERATORS]
  admin: ${admin}
channels:
  - { channel: ${all}, topics: [alerts] }
  - { channel: ${high}, topics: [alerts], severity: high }
  - { channel: ${one}, topics: [alerts], scope: ["cluster:*-1"], language: ja }
`;

let world: World;
let before: string[];
beforeAll(async () => {
  const estate = estateOf({ subscriptions: 3, clusters: 6, alerts: 40, recommendations: false }, new Date());
  before = estate.alerts.map(({ properties }) => String(properties.systemAlertId));
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { estate } });
  await world.slack.until(
    () => [all, high, one].every((channel) => world.slack.messages(channel).length > 0),
    60_000,
  );
}, 180_000);
afterAll(() => world?.end());

let numbered = 0;
/** An alert that can be found again by its entity. */
function alertNamed(wish: Parameters<typeof newAlert>[1] & { entity?: string } = {}): {
  alert: Alert;
  entity: string;
} {
  const entity = wish.entity ?? `named-${numbered++}-end`;
  return {
    entity,
    alert: newAlert(world.azure.estate, {
      ...wish,
      properties: { compromisedEntity: entity, ...wish.properties },
    }),
  };
}
const holds = (entity: string) => (message: Message) =>
  JSON.stringify(message.blocks ?? message.text).includes(entity);
const result = (channel: string, entity: string) =>
  world.slack.until(() => world.slack.messages(channel).find(holds(entity)), 60_000);
const topLevel = (channel: string) =>
  world.slack.messages(channel).filter(({ thread_ts, ts }) => !thread_ts || thread_ts === ts);

describe("the alert feed", () => {
  it("sums up what was there before in one message for each channel, and replays none of it", () => {
    for (const channel of [all, high, one]) {
      const [first, ...later] = world.slack.messages(channel);
      expect(first?.text).toContain(String(before.length));
      expect(before.filter((id) => JSON.stringify(later).includes(id))).toEqual([]);
    }
  });

  it("gives each channel what its filters let through, in its language", async () => {
    const cluster = world.azure.estate.clusters[0]!;
    const medium = alertNamed({ alertType: "K8S.NODE_ImdsCall", severity: "Medium", cluster });
    const severe = alertNamed({ alertType: "K8S_ExposedKubeflow", severity: "High", cluster });
    await result(all, medium.entity);
    await result(high, severe.entity);
    await result(all, severe.entity);
    expect(world.slack.messages(high).some(holds(medium.entity))).toBe(false);
    const inScope = cluster.name.endsWith("-1");
    if (inScope) expect(JSON.stringify((await result(one, severe.entity)).blocks)).toContain("高");
  });

  it("updates the same message when the state changes in Azure, and says so in its thread", async () => {
    const { alert, entity } = alertNamed({ alertType: "K8S_DeleteEvents", severity: "Low" });
    const message = await result(all, entity);
    changeAlert(world.azure.estate, alert, { status: "Resolved" });
    await world.slack.until(
      () => world.slack.messages(all).find(({ ts, edited }) => ts === message.ts && edited),
      60_000,
    );
    const [reply] = await world.slack.until(
      () => (world.slack.thread(message).length > 0 ? world.slack.thread(message) : undefined),
      60_000,
    );
    expect(reply?.text).toContain("Resolved");
    expect(world.slack.messages(all).filter(holds(entity))).toHaveLength(1);
  });

  it("makes one message of six alerts of one poll, which lists each once in its thread", async () => {
    const before = topLevel(all).length;
    // In one subscription, since a reading that begins meanwhile may have been past another one already.
    const cluster = world.azure.estate.clusters[5]!;
    const types = alertTypes.filter(([id]) => id.startsWith("K8S.NODE_Crypto") || id.includes("Download"));
    const entities = types
      .slice(0, 6)
      .map(([alertType]) => alertNamed({ alertType, severity: "Medium", cluster }).entity);
    expect(entities).toHaveLength(6);
    await world.slack.until(() => lostAndDoubled(world, all, entities).lost.length === 0, 60_000);
    expect(topLevel(all)).toHaveLength(before + 1);
    expect(lostAndDoubled(world, all, entities)).toEqual({ lost: [], doubled: [] });
  });

  it("lets the same type on the same cluster join its message, edited to say how often", async () => {
    const wish = {
      alertType: "K8S_SensitiveMount",
      severity: "Medium",
      cluster: world.azure.estate.clusters[2]!,
    };
    const first = alertNamed(wish);
    const message = await result(all, first.entity);
    const second = alertNamed(wish);
    const reply = await result(all, second.entity);
    expect(reply.thread_ts).toBe(message.ts);
    const edited = await world.slack.until(
      () => world.slack.messages(all).find(({ ts, edited }) => ts === message.ts && edited),
      60_000,
    );
    expect(edited.text).toContain("2 times");
  });

  it("brings an alert that got worse to a channel whose filter had kept it out", async () => {
    const { alert, entity } = alertNamed({
      alertType: "K8S_ExposedRedis",
      severity: "Low",
      cluster: world.azure.estate.clusters[3]!,
    });
    await result(all, entity);
    expect(world.slack.messages(high).some(holds(entity))).toBe(false);
    changeAlert(world.azure.estate, alert, { severity: "High" });
    await result(high, entity);
  });

  it("is honest about times: when it happened, when Azure had it, when it was posted", async () => {
    const { entity } = alertNamed({
      alertType: "K8S_CoreDnsModification",
      severity: "Medium",
      cluster: world.azure.estate.clusters[4]!,
    });
    const text = JSON.stringify((await result(all, entity)).blocks);
    for (const label of ["Detected", "reported by Defender", "posted"]) expect(text).toContain(label);
  });

  it("tells the admins once of a channel that it cannot post to, keeps what waits, and tells when it works again", async () => {
    const channel = world.slack.state.channels.get(high)!;
    channel.is_archived = true;
    const from = world.slack.messages(admin).length;
    const { entity } = alertNamed({ severity: "High" });
    const reported = await world.slack.until(() => world.slack.messages(admin)[from], 60_000);
    expect(reported.text).toContain("Can't post to");
    await result(all, entity);
    channel.is_archived = false;
    await result(high, entity);
    const ended = await world.slack.until(() => world.slack.messages(admin)[from + 1], 60_000);
    expect(ended.text).toContain("again");
    expect(world.slack.messages(admin)).toHaveLength(from + 2);
  }, 180_000);

  it("tells the admins once when Azure cannot be read, and once when it can, and skips nothing", async () => {
    const from = world.slack.messages(admin).length;
    world.azure.faults.add({ kind: "status", status: 503, retryAfter: 0 });
    const { entity } = alertNamed({ severity: "Medium" });
    const reported = await world.slack.until(() => world.slack.messages(admin)[from], 120_000);
    expect(reported.text).toContain("Can't reach Azure");
    world.azure.faults.clear();
    await result(all, entity);
    await world.slack.until(() => world.slack.messages(admin)[from + 1], 60_000);
    expect(world.slack.messages(admin)).toHaveLength(from + 2);
  }, 270_000);

  it("tells the admins of a subscription that may no longer be read, by its name", async () => {
    const from = world.slack.messages(admin).length;
    const [, subscription] = world.azure.estate.subscriptions;
    world.azure.faults.add({
      kind: "status",
      status: 403,
      match: { subscription: subscription!.subscriptionId },
    });
    const reported = await world.slack.until(() => world.slack.messages(admin)[from], 120_000);
    expect(reported.text).toContain(subscription!.displayName);
    world.azure.faults.clear();
    await world.slack.until(() => world.slack.messages(admin)[from + 1], 60_000);
  }, 270_000);
});
