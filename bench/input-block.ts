import { createHmac } from "node:crypto";
import { Agent, get } from "node:http";
import type { Bot } from "../playground/bot.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure, median, ms } from "./figure.ts";
import { hostileRequests, hostileTexts, type Request } from "./hostile.ts";
import { startPeer } from "./peer.ts";
import type { Blocked } from "./peers/hostile-text.ts";

const rounds = 5;

/** The longest that one hostile input keeps `/healthz` waiting, or the product at work without a break. */
export async function inputBlock(): Promise<Figure[]> {
  const bed = await openBed();
  const [bot, peer] = await Promise.all([
    bed.bot(),
    startPeer(new URL("./peers/hostile-text.ts", import.meta.url)),
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await bot.ready();
    const rest: number[] = [];
    const took = new Map<string, number[]>();
    const take = (what: string, ms: number) => took.set(what, [...(took.get(what) ?? []), ms]);
    for (let round = 0; round < rounds; round++) {
      rest.push(await slowestProbe(bot, agent, (probed) => probed >= 200));
      for (const [what, request] of hostileRequests(`${Date.now()}`))
        take(what, await slowestWhile(bot, agent, request, bed.env.SLACK_SIGNING_SECRET!));
      for (const [what, text] of hostileTexts()) take(what, (await peer.ask<Blocked>(text)).ms);
    }
    const inputs = [...took].map(([what, all]) => ({ what, ms: median(all) })).sort((a, b) => b.ms - a.ms);
    const [longest] = inputs;
    if (!longest) throw new Error("there is no hostile input");
    return [
      {
        name: "input-block",
        goal: 100,
        unit: "ms",
        values: took.get(longest.what)!,
        bound: `the longest of ${inputs.length} hostile inputs, each alone: ${longest.what}; absolute`,
        notes: [
          `after it: ${inputs
            .slice(1, 4)
            .map(({ what, ms: one }) => `${what} ${ms(one)}`)
            .join(", ")}; the slowest of 200 answers of /healthz at rest: ${ms(median(rest))}`,
        ],
      },
    ];
  } finally {
    agent.destroy();
    await Promise.all([bed.end(), peer.stop()]);
  }
}

/** Asks `/healthz` again and again until the request was acknowledged and its command has ended. */
async function slowestWhile(bot: Bot, agent: Agent, request: Request, secret: string): Promise<number> {
  const before = await counted(bot, "commands_total");
  let ended = false;
  const done = post(bot, request, secret)
    .then(() =>
      eventually("an answer", async () => (await counted(bot, "commands_total")) > before, { everyMs: 20 }),
    )
    .finally(() => {
      ended = true;
    });
  const slowest = await slowestProbe(bot, agent, () => ended);
  await done;
  return slowest;
}

async function slowestProbe(bot: Bot, agent: Agent, enough: (probed: number) => boolean): Promise<number> {
  let slowest = 0;
  for (let probed = 0; !enough(probed); probed++) {
    const started = performance.now();
    await healthz(bot.port, agent);
    slowest = Math.max(slowest, performance.now() - started);
  }
  return slowest;
}

function healthz(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path: "/healthz", agent }, (response) => {
      response.resume().once("end", resolve);
    });
    request.once("error", reject);
  });
}

async function post(bot: Bot, { body, type }: Request, secret: string): Promise<void> {
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
  const headers = {
    "content-type": type,
    "x-slack-request-timestamp": `${time}`,
    "x-slack-signature": `v0=${signature}`,
  };
  const { status } = await fetch(bot.events, { method: "POST", body, headers });
  if (status !== 200) throw new Error(`a hostile input was answered with ${status}`);
}
