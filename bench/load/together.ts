import { readFile } from "node:fs/promises";
import { type Figure, ms, quantile } from "../figure.ts";
import { startPeer } from "../peer.ts";
import type { PlainRead, PlainReadTook } from "../peers/plain-reads.ts";
import { pressure } from "../pressure.ts";
import { type LoadBed, once, people, quotaFilled, whole } from "./bed.ts";

const helps = 40;
const size = `${whole.subscriptions} subscriptions, ${whole.clusters} clusters`;

/** 200 people who ask for the status together, beside one who asks alone. */
export async function statusTogether(load: LoadBed): Promise<Figure[]> {
  const { typist } = load;
  const before = pressure();
  const one = await load.cold();
  const oneMs = await typist.say(one.events, "status", people[0]!);
  const oneRequests = await load.requests();
  await load.end(one);
  const many = await load.cold();
  const after = pressure();
  const answers = await Promise.all(people.map((user) => typist.say(many.events, "status", user)));
  const manyRequests = await load.requests();
  await load.end(many);
  const lastMs = Math.max(...answers);
  return [
    once("load-status-one-requests", 20, oneRequests, { bound: `requests of one status of ${size}` }),
    once("load-status-requests", 1.1, manyRequests / oneRequests, {
      bound: `${manyRequests} requests of ${people.length} status together, ${oneRequests} of one`,
    }),
    once("load-status-last", 2, lastMs / oneMs, {
      bound: `last of ${people.length} answers after ${ms(lastMs)}, one alone after ${ms(oneMs)}`,
      before: `one: ${before}; together: ${after}`,
    }),
  ];
}

/** What a command reads of Resource Graph. */
const queriesOf = {
  recommendations: ["assessments"],
  status: ["clusters", "registries", "provisioning", "plans", "compliance-standards", "workspaces"],
};

/**
 * The first who asks, against reading the same pages; and the next one, who gets what is known with its time.
 * @param of what the names of the figures begin with
 */
export async function coldAndWarm(
  load: LoadBed,
  command: keyof typeof queriesOf,
  { of = `load-${command}`, pairs = 3 } = {},
): Promise<Figure[]> {
  const { typist } = load;
  const queries = await Promise.all(queriesOf[command].map(queryText));
  const [ratios, bounds, colds, warms] = [[], [], [], []] as number[][] as [
    number[],
    number[],
    number[],
    number[],
  ];
  const before = pressure();
  for (let pair = 0; pair < pairs; pair++) {
    await quotaFilled();
    const { refused } = load.seen;
    bounds.push(await readPlain(load, queries));
    await load.requests();
    // The bound has no gate: that it is refused once or twice is its own affair.
    load.seen.refused = refused;
    const bot = await load.cold();
    colds.push(await typist.say(bot.events, command, people[0]!));
    warms.push(await typist.say(bot.events, command, people[1]!));
    ratios.push(colds.at(-1)! / bounds.at(-1)!);
    await load.end(bot);
  }
  const all = (values: number[]) => values.map((value) => ms(value)).join(", ");
  return [
    {
      name: `${of}-cold`,
      goal: 1.3,
      values: ratios,
      bound: `${all(colds)}; a new process that reads the same pages through the same SDK ${all(bounds)}`,
      notes: [before],
    },
    {
      name: `${of}-warm`,
      goal: 500,
      unit: "ms",
      values: warms,
      bound: "the next one who asks",
    },
  ];
}

/** Milliseconds of a process that has read nothing before, as the bot that it is compared with. */
async function readPlain({ bed }: LoadBed, queries: readonly string[]): Promise<number> {
  const reader = await startPeer(new URL("../peers/plain-reads.ts", import.meta.url), bed.env);
  const { ms: took } = await reader.ask<PlainReadTook>({ queries } satisfies PlainRead);
  await reader.stop();
  return took;
}

/** Answers that need no reading, while eight people wait for recommendations. */
export async function helpBeside(load: LoadBed): Promise<Figure[]> {
  const { typist } = load;
  const bot = await load.cold();
  const before = pressure();
  const heavy = people.slice(0, 8).map((user) => typist.say(bot.events, "recommendations", user));
  const helped: number[] = [];
  for (let index = 0; index < helps; index++)
    helped.push(await typist.say(bot.events, "help", people[10 + index]!));
  await Promise.all(heavy);
  await load.end(bot);
  return [
    once("load-help", 300, quantile(helped, 0.99), {
      unit: "ms",
      bound: `p99 of ${helps} help, from the request to the answer, while 8 recommendations run; median ${ms(quantile(helped, 0.5))}`,
      before,
    }),
  ];
}

async function queryText(name: string): Promise<string> {
  const text = await readFile(new URL(`../../src/azure/queries/${name}.kql`, import.meta.url), "utf8");
  return text.replace(/^[ \t]*\/\/.*\n/gm, "").trim();
}
