import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { acknowledge } from "./acknowledge.ts";
import { type Bench, lines } from "./figure.ts";
import { findings } from "./findings.ts";
import { memory } from "./memory.ts";
import { outbox } from "./outbox.ts";
import { poll } from "./poll.ts";
import { simulations } from "./simulations.ts";
import { start } from "./start.ts";
import { underDelivery } from "./under-delivery.ts";
import { whileScanning } from "./while-scanning.ts";

/** The figures in groups, one file each. What they mean and how they are measured: docs/performance.md. */
const groups: Record<string, Bench> = {
  start,
  acknowledge,
  "under-delivery": underDelivery,
  outbox,
  poll,
  memory,
  findings,
  "while-scanning": whileScanning,
  simulations,
};

/**
 * `npm run bench` measures all groups, `npm run bench -- NAME …` some of them; `--large` the larger sizes of those that
 * have any. Whether a goal is reached does not change the exit code; a figure that could not be measured makes it 1.
 */
const { values, positionals } = parseArgs({
  options: { large: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(
    `There is no group ${unknown.join(", ")}. Those that are: ${Object.keys(groups).join(", ")}.`,
  );
  process.exit(64);
}

const started = performance.now();
for (const name of positionals.length > 0 ? positionals : Object.keys(groups)) {
  try {
    for (const figure of await groups[name]!(values)) for (const line of lines(figure)) console.log(line);
  } catch (error) {
    console.error(`bench ${name}: not measured: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`Measured in ${seconds} s on ${availableParallelism()} cores with Node ${process.version}.`);
// Whatever a group left running goes with this process.
process.exit();
