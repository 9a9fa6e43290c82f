import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { estateOf, newAlert } from "../../playground/estate/estate.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { connect, disconnect, type RedisConnection } from "../../src/redis/connection.ts";
import { socketPath } from "../../src/redis/data-directory.ts";
import { quiet } from "../quiet.ts";

const [channel, admin, olivia] = ["C0SECURITY1", "C0ADMIN0001", "U0OLIVIA001"];
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [${olivia}]
  admin: ${admin}
channels:
  - { channel: ${channel}, topics: [alerts] }
`;

let world: World;
let redis: RedisConnection;
beforeAll(async () => {
  const estate = estateOf({ subscriptions: 1, clusters: 1, alerts: 1, recommendations: false }, new Date());
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { estate } });
  redis = connect({ socket: socketPath(join(world.dataDir, "bot", "redis"), "redis.sock") }, quiet);
  // What is raised from now on is new.
  await shown(channel!, /./);
}, 180_000);
afterAll(async () => {
  if (redis) await disconnect(redis);
  await world?.end();
});

const shown = (place: string, words: RegExp) =>
  world.slack.until(
    () => world.slack.messages(place).find((message) => words.test(JSON.stringify(message))),
    180_000,
  );
const ready = async () => (await fetch(`http://127.0.0.1:${world.bot.port}/readyz`)).status;
const changes = () => JSON.stringify(world.azure.estate.alerts.map(({ properties }) => properties.status));

it("a Redis that is full: not ready, the admin gets a message through Slack, and nothing is changed unrecorded", async () => {
  const fresh = newAlert(world.azure.estate, {
    severity: "High",
    properties: { compromisedEntity: "before-it-was-full" },
  });
  const message = await shown(channel!, /before-it-was-full/);
  expect(fresh.properties.status).toBe("Active");
  await redis.config("SET", "maxmemory", "1");
  const before = changes();
  const pressed = await world.slack.click({ user: olivia!, message, text: "Acknowledge" });
  await world.slack.until(() => /Nothing was changed/.test(JSON.stringify(pressed.answers())), 60_000);
  await expect.poll(ready, { timeout: 90_000 }).toBe(503);
  expect(JSON.stringify(await shown(admin!, /Can't write to Redis/))).toContain("OOM");
  const asked = await world.slack.command({ user: olivia!, channel: channel!, text: "doctor" });
  await world.slack.until(() => /test write failed/.test(JSON.stringify(asked.answers())), 60_000);
  expect(changes()).toBe(before);

  await redis.config("SET", "maxmemory", "0");
  await shown(admin!, /Writing to Redis works again/);
  expect(world.slack.messages(admin!).filter(({ text }) => /Can't write to Redis/.test(text))).toHaveLength(
    1,
  );
  await expect.poll(ready, { timeout: 90_000 }).toBe(200);
  newAlert(world.azure.estate, { severity: "High", properties: { compromisedEntity: "after-it-was-full" } });
  await shown(channel!, /after-it-was-full/);
}, 450_000);
