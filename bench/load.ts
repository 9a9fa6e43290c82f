import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Bot } from "../playground/bot.ts";
import { exampleWorkspace } from "../playground/slack/workspace.ts";
import { openBed } from "./bed.ts";
import { eventually, type Figure, ms, quantile } from "./figure.ts";
import type { AzureQuestion, Requests } from "./peers/azure.ts";
import { plainReader } from "./peers/plain-graph.ts";
import { openTypist } from "./peers/typist.ts";

const estate = {
  ...{ subscriptions: 300, clusters: 3000, alerts: 5000 },
  assessments: { all: 20_000, unhealthy: 12_000 },
  quota: true as const,
};
const together = 200;
const helps = 40;
/** Enough people that the two turns of each are not what is measured. */
const people = Array.from({ length: together }, (_, index) => `U0LOAD${String(index).padStart(5, "0")}`);
const config = 'schedules:\n  alerts: "0 0 1 1 *"\n';

/** What many people at once cost, in an estate of 3,000 clusters behind Azure's own quota. */
export async function load(): Promise<Figure[]> {
  const users = people.map((id) => ({ ...exampleWorkspace.users[0]!, id, name: id.toLowerCase() }));
  const workspace = { ...exampleWorkspace, users: [...exampleWorkspace.users, ...users] };
  const bed = await openBed({ estate, workspace });
  const typist = await openTypist(bed.env.SLACK_SIGNING_SECRET!);
  const taken = async () =>
    (await bed.azure.ask<Requests>({ take: "requests" } satisfies AzureQuestion)).requests;
  const sum = (made: Record<string, number>) => Object.values(made).reduce((all, one) => all + one, 0);
  let refused = 0;
  const requests = async () => {
    const made = await taken();
    for (const [path, count] of Object.entries(made)) if (path.endsWith(" 429")) refused += count;
    return sum(made);
  };
  /** A new process on a Redis of its own: nothing was read before. */
  const cold = async (): Promise<Bot> => {
    const bot = await bed.bot({ config, env: { BREAKWATER_ROLE: "web" } });
    await bot.ready();
    await quotaFilled();
    await requests();
    return bot;
  };
  try {
    const readPlain = await plainReader(bed.env);
    const one = await cold();
    const oneMs = await typist.say(one.events, "status", people[0]!);
    const oneRequests = await requests();

    const many = await cold();
    const statuses = await Promise.all(people.map((user) => typist.say(many.events, "status", user)));
    const manyRequests = await requests();

    await quotaFilled();
    const bareMs = await readPlain(await queryText("assessments"));
    // The bound has no gate: that it is refused once or twice is its own affair.
    await taken();
    const busy = await cold();
    const coldMs = await typist.say(busy.events, "recommendations", people[0]!);
    const warmMs = await typist.say(busy.events, "recommendations", people[1]!);
    await requests();

    const last = await cold();
    const heavy = people.slice(0, 8).map((user) => typist.say(last.events, "recommendations", user));
    const helped: number[] = [];
    for (let index = 0; index < helps; index++)
      helped.push(await typist.say(last.events, "help", people[10 + index]!));
    await Promise.all(heavy);
    await requests();
    const peak = Math.max(...[one, many, busy, last].map(peakOf));

    return figures({
      ...{ oneMs, oneRequests, statuses, manyRequests, bareMs, coldMs, warmMs, helped, peak, refused },
    });
  } finally {
    typist.end();
    await bed.end();
  }
}

type Measured = {
  oneMs: number;
  oneRequests: number;
  statuses: number[];
  manyRequests: number;
  bareMs: number;
  coldMs: number;
  warmMs: number;
  helped: number[];
  peak: number;
  refused: number;
};

function figures(found: Measured): Figure[] {
  const lastMs = Math.max(...found.statuses);
  const size = `${estate.subscriptions} subscriptions, ${estate.clusters} clusters`;
  return [
    figure("load-status-one-requests", 20, found.oneRequests, undefined, `requests of one status of ${size}`),
    figure(
      ...(["load-status-requests", 1.1, found.manyRequests / found.oneRequests, undefined] as const),
      `${found.manyRequests} requests of ${together} status together, ${found.oneRequests} of one`,
    ),
    figure(
      ...(["load-status-last", 2, lastMs / found.oneMs, undefined] as const),
      `last of ${together} answers after ${ms(lastMs)}, one after ${ms(found.oneMs)}`,
    ),
    figure(
      ...(["load-recommendations-cold", 1.3, found.coldMs / found.bareMs, undefined] as const),
      `${ms(found.coldMs)}; reading and parsing the same pages within the quota ${ms(found.bareMs)}`,
    ),
    figure("load-recommendations-warm", 500, found.warmMs, "ms", "the next one who asks"),
    figure(
      ...(["load-help", 300, quantile(found.helped, 0.99), "ms"] as const),
      `p99 of ${helps} help, from the request to the answer, while 8 recommendations run`,
    ),
    figure("load-refused", 0, found.refused, undefined, "answers 429 of Resource Graph in all of it"),
    figure("load-memory", 300, found.peak / 2 ** 20, "MB", "highest resident memory of these processes"),
  ];
}

function figure(name: string, goal: number, value: number, unit: Figure["unit"], bound: string): Figure {
  return { name, goal, values: [value], bound, ...(unit && { unit }) };
}

/** [Resource Graph docs, throttling]: each reading begins with a whole quota, as the bound does. */
async function quotaFilled(): Promise<void> {
  const until = performance.now() + 5_100;
  await eventually("a new quota", () => performance.now() > until);
}

async function queryText(name: string): Promise<string> {
  const text = await readFile(new URL(`../src/azure/queries/${name}.kql`, import.meta.url), "utf8");
  return text.replace(/^[ \t]*\/\/.*\n/gm, "").trim();
}

/** [proc(5), VmHWM]: bytes. */
function peakOf(bot: Bot): number {
  const status = readFileSync(`/proc/${bot.pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
