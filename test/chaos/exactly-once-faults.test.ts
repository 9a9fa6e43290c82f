import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  azureTroubled,
  type Fault,
  lostAnswer,
  redisKilled,
  slackTroubled,
} from "../../playground/chaos/faults.ts";
import { chaosWorld, play } from "../../playground/chaos/rounds.ts";
import type { World } from "../../playground/world.ts";

const cases: [string, Fault, { rounds: number; each: number }][] = [
  ["Slack's answer is lost after it took a message or a file", lostAnswer, { rounds: 2, each: 8 }],
  ["Redis is killed, five times over", redisKilled, { rounds: 5, each: 5 }],
  ["Slack throttles, fails and answers rubbish", slackTroubled, { rounds: 3, each: 5 }],
  ["Azure throttles, fails and answers rubbish", azureTroubled, { rounds: 3, each: 5 }],
];

let world: World;
beforeAll(async () => {
  world = await chaosWorld();
}, 180_000);
afterEach(() => {
  world.slack.faults.clear();
  world.azure.faults.clear();
});
afterAll(() => world?.end());

describe("every channel has each alert exactly once although", () => {
  it.each(cases)(
    "%s",
    async (_name, fault, size) => {
      const name = fault.name.replaceAll(" ", "-");
      expect(await play(world, [fault], { ...size, name, seed: 7 })).toEqual({
        lost: 0,
        doubled: 0,
        details: [],
      });
    },
    270_000,
  );
});
