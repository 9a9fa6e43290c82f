import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  chaosChannels,
  chaosConfig,
  chaosWorld,
  namedAlerts,
  settled,
} from "../../playground/chaos/rounds.ts";
import { newAlert } from "../../playground/estate/estate.ts";
import type { World } from "../../playground/world.ts";

let world: World;
beforeAll(async () => {
  // Of a thousand alerts, each poll is work.
  world = await chaosWorld({ config: chaosConfig.replace('"* ', '"*/3 ') });
}, 180_000);
afterAll(() => world?.end());

const most = 20;

describe("a backlog", () => {
  it("1,000 alerts at once are at most 20 messages in each channel, each alert once, and every High is there in two minutes", async () => {
    const from = chaosChannels.map((channel) => world.slack.messages(channel).length);
    const severe = Array.from({ length: 100 }, (_, n) => {
      const entity = `severe-${n}-end`;
      newAlert(world.azure.estate, { severity: "High", properties: { compromisedEntity: entity } });
      return entity;
    });
    const others = namedAlerts(world, "thousand", 900);
    expect((await settled(world, severe, 120_000)).lost).toBe(0);
    expect(await settled(world, [...severe, ...others], 180_000)).toEqual({
      lost: 0,
      doubled: 0,
      details: [],
    });
    chaosChannels.forEach((channel, index) => {
      expect(world.slack.messages(channel).length - from[index]!).toBeLessThanOrEqual(most);
    });
  }, 360_000);

  it("what Slack refused for many polls comes rolled up when it answers again", async () => {
    const from = chaosChannels.map((channel) => world.slack.messages(channel).length);
    world.slack.faults.add({ kind: "status", method: "chat.postMessage", status: 503 });
    const names: string[] = [];
    for (let poll = 0; poll < 6; poll++) {
      names.push(...namedAlerts(world, `refused-${poll}`, 10));
      const polls = world.azure.requests.length;
      await world.slack.until(() => world.azure.requests.length > polls + 4, 10_000).catch(() => undefined);
    }
    world.slack.faults.clear();
    expect(await settled(world, names, 270_000)).toEqual({ lost: 0, doubled: 0, details: [] });
    chaosChannels.forEach((channel, index) => {
      expect(world.slack.messages(channel).length - from[index]!).toBeLessThanOrEqual(most);
    });
  }, 450_000);
});
