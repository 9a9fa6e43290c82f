import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bot, startBot } from "../../playground/bot.ts";
import {
  chaosChannels,
  chaosConfig,
  chaosWorld,
  namedAlerts,
  settled,
} from "../../playground/chaos/rounds.ts";
import { lostAndDoubled } from "../../playground/chaos/shown.ts";
import type { World } from "../../playground/world.ts";

let world: World;
beforeAll(async () => {
  world = await chaosWorld();
}, 180_000);
afterAll(() => world?.end());

/** One more bot with data of its own, which no test waits for. */
function bot(env: Record<string, string | undefined> = {}, config = ""): Promise<Bot> {
  const data = { BREAKWATER_DATA_DIR: mkdtempSync(join(world.dataDir, "bot-")) };
  return startBot({
    env: { ...world.azure.env, ...world.slack.env, ...data, LOG_LEVEL: "warn", ...env },
    config,
  });
}
const get = async ({ port }: Bot, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text() };
};
const works = { ready: true, redis: true, slack: true, azure: true, schedules: true, stored: true };

describe("the routes for the orchestrator", () => {
  it("/healthz and /readyz say 200 of a bot whose connections work", async () => {
    expect(await get(world.bot, "/healthz")).toEqual({ status: 200, text: "ok\n" });
    await expect.poll(() => world.bot.readiness(), { timeout: 90_000 }).toEqual({ status: 200, body: works });
    expect(await get(world.bot, "/readyz")).toEqual({ status: 200, text: '{"ready":true,"redis":true}\n' });
  });

  it("/readyz?verbose names Azure where it does not answer from the start; the process is ready all the same", async () => {
    world.azure.faults.add({ kind: "status", status: 503, retryAfter: 0 });
    const one = await bot({}, chaosConfig);
    try {
      await expect
        .poll(() => one.readiness().catch(String), { timeout: 90_000 })
        .toEqual({
          status: 200,
          body: { ...works, azure: false },
        });
      expect((await get(one, "/healthz")).status).toBe(200);
      world.azure.faults.clear();
      await one.ready();
      expect((await one.readiness()).body).toEqual(works);
    } finally {
      world.azure.faults.clear();
      await one.kill();
    }
  }, 270_000);

  it("/readyz?verbose names Slack where the token is refused", async () => {
    const one = await bot({ SLACK_BOT_TOKEN: "xoxb-of-another-workspace" });
    try {
      await expect
        .poll(() => one.readiness().catch(String), { timeout: 90_000 })
        .toEqual({
          status: 200,
          body: { ...works, slack: false },
        });
    } finally {
      await one.kill();
    }
  }, 180_000);

  it("/metrics has the lag from Azure to Slack, and how much waits in the outboxes", async () => {
    const names = namedAlerts(world, "lag", 2);
    expect((await settled(world, names)).lost).toBe(0);
    const numberIn = (scrape: string, name: string) =>
      Number(new RegExp(`^breakwater_${name}(?:\\{[^}]*\\})? ([\\d.]+)$`, "m").exec(scrape)?.[1]);
    await expect
      .poll(async () => numberIn(await world.bot.metrics(), "alert_to_slack_seconds_count"), {
        timeout: 30_000,
      })
      .toBeGreaterThanOrEqual(2);
    expect(numberIn(await world.bot.metrics(), "alert_to_slack_seconds_sum")).toBeGreaterThan(0);
    // In one scrape: something may enter between two.
    const waiting = async () => {
      const scrape = await world.bot.metrics();
      return ["outbox_depth", "outbox_oldest_seconds"].map((name) => numberIn(scrape, name));
    };
    await expect.poll(waiting, { timeout: 90_000, interval: 500 }).toEqual([0, 0]);
  }, 270_000);

  it("a worker, which takes no requests of Slack, has them too, on a port that the system picked, which the log names whatever LOG_LEVEL hides", async () => {
    const worker = await bot({
      BREAKWATER_ROLE: "worker",
      LOG_LEVEL: "fatal",
      // A secret that was read from a file often ends with a line break.
      IDENTITY_HEADER: `${world.azure.env.IDENTITY_HEADER}\r\n`,
    });
    try {
      await worker.ready();
      expect((await worker.readiness()).body).toMatchObject({ azure: true });
      expect(worker.logged).toMatchObject([{ msg: "listening", port: worker.port }]);
      expect(worker.port).not.toBe(world.bot.port);
      expect((await get(worker, "/healthz")).status).toBe(200);
      expect(await worker.metrics()).toContain("breakwater_process_cpu_seconds_total");
      expect((await fetch(worker.events, { method: "POST", body: "{}" })).status).toBe(404);
    } finally {
      await worker.kill();
    }
  }, 180_000);
});

describe("SIGTERM", () => {
  it("during a delivery ends with 0, and after the next start each channel has each alert exactly once", async () => {
    const posts = () => world.slack.callsOf("chat.postMessage").length;
    const before = posts();
    const slow = world.slack.faults.add({ kind: "slow", method: "chat.postMessage", ms: 1500 });
    const names = namedAlerts(world, "term", 5);
    await world.slack.until(() => slow.hits > 0 || posts() > before, 60_000);
    const waiting = chaosChannels.flatMap((channel) => lostAndDoubled(world, channel, names).lost);
    expect(waiting).not.toEqual([]);
    expect(await world.bot.stop()).toBe(0);
    world.slack.faults.clear();
    await world.restart();
    expect(await settled(world, names)).toEqual({ lost: 0, doubled: 0, details: [] });
  }, 360_000);
});

describe("a start with mistakes in the settings", () => {
  it("ends with 78, and names every mistake of the environment and each line of breakwater.yaml", async () => {
    const config = [
      "schedules:",
      '  alerts: "every day"',
      "acess:",
      "  operators: [S0OPERATORS]",
      "language: fr",
    ];
    const one = await bot(
      { BREAKWATER_ROLE: "boss", LOG_LEVEL: "loud", SLACK_BOT_TOKEN: undefined },
      config.join("\n"),
    );
    expect(await one.exited).toBe(78);
    const complained = one.complained();
    for (const name of ["BREAKWATER_ROLE", "LOG_LEVEL", "SLACK_BOT_TOKEN"])
      expect(complained).toContain(name);
    for (const line of [2, 3, 5]) expect(complained).toMatch(new RegExp(`breakwater\\.yaml:${line}\\b`));
    expect(complained).toContain("Breakwater can't start: 6 problems");
  });
});

describe("the log at its finest level", () => {
  it("holds neither the bot token nor the signing secret, whatever Slack and Azure do", async () => {
    const one = await bot({ LOG_LEVEL: "trace" });
    const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = world.slack.env;
    world.slack.setEventsUrl(one.events);
    try {
      await one.ready();
      const ask = (text: string) =>
        world.slack.command({ user: "U0OLIVIA001", channel: chaosChannels[0]!, text });
      world.slack.faults.add({ kind: "error", method: "users.info", error: "fatal_error", times: 2 });
      const whoami = await ask("whoami");
      await world.slack.until(() => whoami.answers().length > 0, 60_000);
      world.azure.faults.add({ kind: "status", status: 401, times: 3 });
      const status = await ask("alerts");
      await world.slack.until(() => status.answers().length > 0, 60_000);
      expect(one.logged.length).toBeGreaterThan(5);
      const written = [...one.logged.map((line) => JSON.stringify(line)), one.complained()];
      const secrets = [SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET];
      expect(written.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
    } finally {
      world.slack.faults.clear();
      world.azure.faults.clear();
      world.slack.setEventsUrl(world.bot.events);
      await one.kill();
    }
  }, 270_000);
});
