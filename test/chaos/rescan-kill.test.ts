import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { dice } from "../../playground/chaos/rounds.ts";
import { pushImage } from "../../playground/estate/contents.ts";
import { estateOf } from "../../playground/estate/estate.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import { startWorld, type World } from "../../playground/world.ts";
import type { RescanDigest } from "../../src/domain/findings/digest/delta.ts";
import { connect, disconnect, type RedisConnection } from "../../src/redis/connection.ts";
import { socketPath } from "../../src/redis/data-directory.ts";
import { quiet } from "../quiet.ts";

/** Side by side: after a kill most of the time goes by until the lock of the killed run is over. */
const worlds = 2;
const killsEach = 5;
const config = `
schedules:
  alerts: "*/30 * * * * *"
  rescan: "*/2 * * * * *"
channels:
  - { channel: C0SECURITY1, topics: [rescan] }
`;

/** The digests that were recorded for channels, in the order of their slots. */
async function digestsIn(redis: RedisConnection): Promise<RescanDigest[]> {
  const keys = await redis.keys("{breakwater}:event:*");
  const texts = keys.length > 0 ? await redis.mget(keys) : [];
  return texts
    .flatMap((text) => (text ? [JSON.parse(text) as { notifier: string; event: RescanDigest }] : []))
    .filter(({ notifier }) => notifier === "rescan")
    .map(({ event }) => event)
    .sort((a, b) => (a.slot < b.slot ? -1 : 1));
}

/** `kind image` of every change. */
function changesOf({ changes }: RescanDigest): string[] {
  if (changes.rows === 0) return [];
  const lines = inflateSync(Buffer.from(changes.deflated, "base64")).toString().trim().split("\n");
  const [names = [], ...rows] = lines.map((line) => JSON.parse(line) as string[]);
  return rows.map((row) => `${row[names.indexOf("kind")]} ${row[names.indexOf("image")]}`);
}

const total = (open: RescanDigest["open"]) => Object.values(open).reduce((sum, count) => sum + count, 0);

/** A scan asks Resource Graph; the place of the kill is counted from there. */
async function scanBegins({ azure, slack }: World): Promise<void> {
  const from = azure.requests.length;
  await slack.until(
    () => azure.requests.slice(from).some(({ path }) => /Microsoft\.ResourceGraph/i.test(path)),
    30_000,
  );
}

/** About as many as a scan and what follows it send to Redis. */
const commandsOfAScan = 150;

/** Waits until Redis has carried out so many commands more; being asked counts too, so that it always gets there. */
async function commandsLater(redis: RedisConnection, count: number): Promise<void> {
  const done = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info("stats"))?.[1]);
  const from = await done();
  await vi.waitUntil(async () => (await done()) >= from + count, { timeout: 60_000, interval: 2 });
}

/** Kills the bot in scan after scan while images come, and looks at every digest that was recorded in the end. */
async function killed(seed: number): Promise<void> {
  const estate = estateOf({ subscriptions: 2, registries: 1, recommendations: false }, new Date());
  const [registry] = estate.registries;
  const push = (name: string) =>
    pushImage(estate, {
      registry: registry!,
      repository: name,
      tags: ["1"],
      at: new Date(),
      packages: [knownPackage("curl"), knownPackage("glibc")],
    });
  push("first");
  const world = await startWorld({ azure: { estate }, config, env: { LOG_LEVEL: "warn" } });
  const socket = socketPath(join(world.dataDir, "bot", "redis"), "redis.sock");
  const redis = connect({ socket }, quiet);
  try {
    await vi.waitUntil(async () => (await digestsIn(redis)).length > 0, { timeout: 60_000, interval: 50 });
    const roll = dice(seed);
    const names = Array.from({ length: killsEach }, (_, round) => `round-${round}`);
    for (const name of names) {
      push(name);
      await scanBegins(world);
      await commandsLater(redis, roll() * commandsOfAScan);
      await world.bot.kill();
      await world.restart();
    }
    const shown = async () => (await digestsIn(redis)).flatMap(changesOf);
    const last = `new-image ${names.at(-1)}:1`;
    await vi.waitUntil(async () => (await shown()).includes(last), { timeout: 60_000, interval: 50 });
    const digests = await digestsIn(redis);
    const expected = names.flatMap((name) => Array.from({ length: 3 }, () => `new-image ${name}:1`));
    expect(digests.flatMap(changesOf).sort()).toEqual(expected.sort());
    for (const [index, digest] of digests.entries()) {
      const before = digests[index - 1];
      // Never against the wrong scan, and never twice for a slot.
      expect(digest.before?.slot).toBe(before?.slot);
      const added = before ? changesOf(digest).length : 3;
      expect(total(digest.open)).toBe((before ? total(before.open) : 0) + added);
    }
  } finally {
    await disconnect(redis);
    await world.end();
  }
}

it("kill -9 at ten random points of scans: every change is in one digest, compared with the one before", async () => {
  // Every world comes to its end, also where another one failed.
  const runs = await Promise.allSettled(
    Array.from({ length: worlds }, (_, index) => killed(20_261_125 + index)),
  );
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}, 360_000);
