import { expect, it } from "vitest";
import { kill } from "../../playground/chaos/faults.ts";
import { chaosWorld, play } from "../../playground/chaos/rounds.ts";

it("kill -9 at any moment, ten times over, while 50 alerts go to three channels: each has each alert exactly once", async () => {
  const world = await chaosWorld();
  try {
    const outcome = await play(world, [kill], { rounds: 10, each: 5, seed: 20_261_123 });
    expect(outcome).toEqual({ lost: 0, doubled: 0, details: [] });
  } finally {
    await world.end();
  }
}, 510_000);
