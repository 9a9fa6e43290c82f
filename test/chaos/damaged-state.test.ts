import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { estateOf, newAlert } from "../../playground/estate/estate.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { connect, disconnect, type RedisConnection } from "../../src/redis/connection.ts";
import { socketPath } from "../../src/redis/data-directory.ts";
import { quiet } from "../quiet.ts";

const [sound, hurt, admin] = ["C0SECURITY1", "C0PLATFORM1", "C0ADMIN0001"] as const;
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [S0OPERATORS]
  admin: ${admin}
channels:
  - { channel: ${sound}, topics: [alerts] }
  - { channel: ${hurt}, topics: [alerts] }
`;
/** Mutes are read every 15 seconds, and what was unreadable is reported every five. */
const limitMs = 45_000;
const key = (name: string) => `{breakwater}:${name}`;

let world: World;
let redis: RedisConnection;
beforeAll(async () => {
  const estate = estateOf({ subscriptions: 2, clusters: 2, alerts: 5, recommendations: false }, new Date());
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { estate } });
  redis = connect({ socket: socketPath(join(world.dataDir, "bot", "redis"), "redis.sock") }, quiet);
  await shown(sound, "");
}, 360_000);
afterAll(async () => {
  if (redis) await disconnect(redis);
  await world?.end();
});

let numbered = 0;
function alert(): string {
  const entity = `after-damage-${numbered++}-end`;
  newAlert(world.azure.estate, { severity: "High", properties: { compromisedEntity: entity } });
  return entity;
}
const shown = (channel: string, words: string) =>
  world.slack.until(
    () => world.slack.messages(channel).find((message) => JSON.stringify(message).includes(words)),
    limitMs,
  );
const quarantined = async () => redis.zcard(key("quarantine"));

const damages: [string, word: string, () => Promise<unknown>][] = [
  ["a subscription", "subscriptions", () => redis.hset(key("subscriptions"), "C1|alerts", '{"v":1,"cha')],
  ["a mute", "mutes", () => redis.hset(key("mutes"), "m1", "null")],
  ["an alert that was seen", "alerts seen", () => redis.hset(key("alerts:seen"), "x", "[1,7")],
  ["the last reading", "alerts seen", () => redis.set(key("alerts:reading"), '{"v":1,"at":7}')],
  ["a trouble", "open problems", () => redis.hset(key("trouble"), "azure", "7")],
  [
    "a run",
    "simulations",
    async () => [
      await redis.set(key("runs:run:r-x"), '{"v":1,"run":{}}'),
      await redis.zadd(key("runs:time"), Date.now(), "r-x"),
      await world.slack.command({ user: "U0OLIVIA001", channel: sound, text: "simulations" }),
    ],
  ],
  [
    "a pause of one channel",
    "notifications sent and pending",
    () => redis.hset(key(`outbox:${hurt}:about`), "paused", "{"),
  ],
  [
    "a call that is under way in one channel",
    "notifications sent and pending",
    async () => [
      await redis.set(key(`outbox:${hurt}:intent`), "null"),
      await redis.sadd(key("outbox:busy"), hurt),
    ],
  ],
  [
    "the waiting rows of one channel, of another type",
    "notifications sent and pending",
    async () => {
      await redis.del(key(`outbox:${hurt}:waiting`));
      await redis.set(key(`outbox:${hurt}:waiting`), "x");
    },
  ],
];

describe("with an unreadable value in Redis", () => {
  it.each(damages)(
    "%s: alerts go on in every channel, and the admin hears of it",
    async (_, word, damage) => {
      const before = await quarantined();
      await damage();
      const entity = alert();
      await shown(sound, entity);
      await shown(hurt, entity);
      await vi.waitUntil(async () => (await quarantined()) > before, { timeout: limitMs, interval: 20 });
      await shown(admin, `Unreadable data in Redis (${word}`);
    },
    360_000,
  );

  it("doctor lists it with the command that removes it, and /readyz?verbose says so", async () => {
    await redis.hset(key("mutes"), "m2", "null");
    await vi.waitUntil(async () => (await redis.hexists(key("mutes"), "m2")) === 0, { timeout: limitMs });
    const asked = await world.slack.command({ user: "U0OLIVIA001", channel: sound, text: "doctor" });
    const doctor = () => JSON.stringify(asked.answers());
    await world.slack.until(() => doctor().includes("Unreadable data"), limitMs);
    const text = doctor();
    expect(text).toContain("Unreadable data in Redis: mutes");
    expect(text).toMatch(/redis-cli -s \S+redis\.sock UNLINK '\{breakwater\}:quarantine:[0-9a-f]{16}'/);
    const ready = async () => (await fetch(`http://127.0.0.1:${world.bot.port}/readyz?verbose`)).json();
    await vi.waitUntil(async () => ((await ready()) as { stored: boolean }).stored === false, {
      timeout: limitMs,
    });
    expect(await ready()).toMatchObject({ ready: true });
  }, 360_000);

  it("a value of a newer version of the bot is kept, and alerts go on", async () => {
    const text = '{"v":2,"from":"the future"}';
    await redis.hset(key("subscriptions"), "C2|alerts", text);
    await shown(sound, alert());
    expect(await redis.hget(key("subscriptions"), "C2|alerts")).toBe(text);
  }, 360_000);

  it("what was unreadable is over when it is removed: the admin gets one message", async () => {
    await redis.hset(key("mutes"), "m3", "null");
    await vi.waitUntil(async () => (await redis.hexists(key("trouble"), "stored:mutes")) === 1, {
      timeout: limitMs,
    });
    for (const id of await redis.zrange(key("quarantine"), "0", "-1"))
      await redis.unlink(key(`quarantine:${id}`), key(`quarantine:${id}:value`));
    await redis.unlink(key("quarantine"));
    await shown(admin, "No unreadable data left in Redis (mutes)");
  }, 360_000);
});
