import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { acknowledge } from "./acknowledge.ts";
import { edits } from "./edits.ts";
import { type Bench, lines } from "./figure.ts";
import { findings } from "./findings.ts";
import { heldPosts } from "./held-posts.ts";
import { inputBlock } from "./input-block.ts";
import { load } from "./load.ts";
import { memory } from "./memory.ts";
import { outbox } from "./outbox.ts";
import { poll } from "./poll.ts";
import { simulations } from "./simulations.ts";
import { start } from "./start.ts";
import { underDelivery } from "./under-delivery.ts";
import { whileScanning } from "./while-scanning.ts";

/** The figures in groups, one file each. What they mean and how they are measured: docs/performance.md. */
const groups: Record<string, Bench> = {
  // First and alone: it fills Node's compile cache for all the others.
  start,
  // Counts do not mind that the groups beside are still starting.
  poll,
  acknowledge,
  "under-delivery": underDelivery,
  outbox,
  edits,
  findings,
  "while-scanning": whileScanning,
  "held-posts": heldPosts,
  "input-block": inputBlock,
  load,
};

/** Groups that wait for minutes and look at processes of their own only: measured beside the others. */
const beside: Record<string, Bench> = { memory, simulations };

/**
 * `npm run bench` measures all groups, `npm run bench -- NAME …` some of them; `--large` the larger sizes of those that
 * have any. Whether a goal is reached does not change the exit code; a figure that could not be measured makes it 1.
 */
const { values, positionals } = parseArgs({
  options: { large: { type: "boolean", default: false } },
  allowPositionals: true,
});
const names = [...Object.keys(groups), ...Object.keys(beside)];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(", ")}. Those that are: ${names.join(", ")}.`);
  process.exit(64);
}

const started = performance.now();
const wanted = positionals.length > 0 ? positionals : names;
const [first, ...others] = wanted.filter((name) => name in groups);
if (first) await measure(first, groups[first]!);
const waiting = wanted.filter((name) => name in beside).map((name) => measure(name, beside[name]!));
for (const name of others) await measure(name, groups[name]!);
await Promise.all(waiting);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`Measured in ${seconds} s on ${availableParallelism()} cores with Node ${process.version}.`);
// Whatever a group left running goes with this process.
process.exit();

async function measure(name: string, group: Bench): Promise<void> {
  try {
    for (const figure of await group(values)) for (const line of lines(figure)) console.log(line);
  } catch (error) {
    console.error(`bench ${name}: not measured: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
}
