import { describe, expect, it } from "vitest";
import {
  azureTroubled,
  type Fault,
  lostAnswer,
  redisKilled,
  renumbered,
  slackTroubled,
} from "../../playground/chaos/faults.ts";
import { chaosWorld, play } from "../../playground/chaos/rounds.ts";

const cases: [string, Fault, { rounds: number; each: number }][] = [
  ["Slack's answer is lost after it took a message or a file", lostAnswer, { rounds: 2, each: 8 }],
  ["Redis is killed, five times over", redisKilled, { rounds: 5, each: 5 }],
  ["Slack throttles, fails and answers rubbish", slackTroubled, { rounds: 3, each: 5 }],
  [
    "Slack changes the channels' ids and the bot is killed, three times over",
    renumbered,
    { rounds: 3, each: 5 },
  ],
  ["Azure throttles, fails and answers rubbish", azureTroubled, { rounds: 3, each: 5 }],
];

describe("every channel has each alert exactly once although", () => {
  it.each(cases)(
    "%s",
    async (_name, fault, size) => {
      const world = await chaosWorld();
      try {
        expect(await play(world, [fault], { ...size, seed: 7 })).toEqual({
          lost: 0,
          doubled: 0,
          details: [],
        });
      } finally {
        await world.end();
      }
    },
    270_000,
  );
});
