import { acknowledge } from "./acknowledge.ts";
import { type Bench, lines } from "./figure.ts";
import { memory } from "./memory.ts";
import { outbox } from "./outbox.ts";
import { poll } from "./poll.ts";
import { start } from "./start.ts";
import { underDelivery } from "./under-delivery.ts";

/**
 * The performance figures: `npm run bench`, or `npm run bench -- NAME …` for some of them. What each means is told in
 * docs/performance.md. Whether a goal is reached does not change the exit code.
 */
const benches: Record<string, Bench> = {
  acknowledge,
  "acknowledge-under-delivery": underDelivery,
  outbox,
  start,
  memory,
  poll,
};

const wanted = process.argv.slice(2);
// One measurement gives both figures of the poll.
const fits = (name: string) => wanted.some((one) => one === name || one.startsWith(`${name}-re`) || one.startsWith(`${name}-com`));
