import { parseArgs } from "node:util";
import { everyFault } from "./faults.ts";
import { chaosChannels, chaosWorld, play } from "./rounds.ts";

/** `npm run chaos -- --rounds N [--each 5] [--seed N]`: faults in turn, and what became of the alerts. */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    each: { type: "string", default: "5" },
    seed: { type: "string" },
  },
  allowPositionals: true,
});
const [rounds, each] = [Number(values.rounds), Number(values.each)];
const seed = Number(values.seed ?? Date.now() % 1_000_000);
process.stdout.write(
  `chaos: ${rounds} rounds of ${each} alerts to ${chaosChannels.length} channels, seed ${seed}\n`,
);
const world = await chaosWorld();
const { lost, doubled, details } = await play(world, everyFault, { rounds, each, seed });
await world.end();
for (const detail of details.slice(0, 20)) process.stdout.write(`  ${detail}\n`);
const faults = everyFault.map(({ name }) => name).join(", ");
process.stdout.write(
  `rounds ${rounds}, faults ${rounds} (${faults}), alerts ${rounds * each * chaosChannels.length}, lost ${lost}, doubled ${doubled}\n`,
);
process.exit(lost + doubled === 0 ? 0 : 1);
