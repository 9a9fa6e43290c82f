import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { anyMoment, renumber } from "../../playground/chaos/faults.ts";
import {
  chaosChannels,
  chaosConfig,
  chaosEstate,
  chaosWorld,
  dice,
  namedAlerts,
  settled,
} from "../../playground/chaos/rounds.ts";
import { pushImage } from "../../playground/estate/contents.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import type { World } from "../../playground/world.ts";
import type { RescanDigest } from "../../src/domain/findings/digest/delta.ts";
import { connect, disconnect, type RedisConnection } from "../../src/redis/connection.ts";
import { socketPath } from "../../src/redis/data-directory.ts";
import { quiet } from "../quiet.ts";

/** Side by side: after a kill most of the time goes by until the lock of the killed run is over. */
const worlds = 2;
const killsEach = 3;
/** Rounds in which Slack gives the channels other ids before the kill. */
const renumberedRounds = [1];
/** Of its own, since a digest waits for its turn in a channel. */
const digestChannel = "C0ADMIN0001";
const config = `
${chaosConfig.trim().replace("schedules:", 'schedules:\n  rescan: "*/3 * * * * *"')}
  - { channel: ${digestChannel}, topics: [rescan] }
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

/** A scan is the only one to ask for findings; the place of the kill is counted from there. */
async function scanBegins({ azure, slack }: World): Promise<void> {
  const from = azure.requests.length;
  const asked = () =>
    azure.requests.slice(from).some(({ body }) => /subassessments/i.test(JSON.stringify(body ?? "")));
  await slack.until(asked, 60_000);
}

/** About as many as a scan, what follows it, and a poll meanwhile send to Redis. */
const commandsOfAScan = 200;

/** Waits until Redis has carried out so many commands more; being asked counts too, so that it always gets there. */
async function commandsLater(redis: RedisConnection, count: number): Promise<void> {
  const done = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info("stats"))?.[1]);
  const from = await done();
  await vi.waitUntil(async () => (await done()) >= from + count, { timeout: 60_000, interval: 2 });
}

/** Kills the bot in scan after scan, while images come and alerts are delivered; what came of both is judged at the end. */
async function killed(seed: number): Promise<void> {
  const estate = chaosEstate(1);
  const push = (name: string) =>
    pushImage(estate, {
      registry: estate.registries[0]!,
      repository: name,
      tags: ["1"],
      at: new Date(),
      packages: [knownPackage("curl"), knownPackage("glibc")],
    });
  push("first");
  const world = await chaosWorld({ azure: { estate }, config });
  const socket = socketPath(join(world.dataDir, "bot", "redis"), "redis.sock");
  const redis = connect({ socket }, quiet);
  try {
    await vi.waitUntil(async () => (await digestsIn(redis)).length > 0, { timeout: 60_000, interval: 50 });
    const roll = dice(seed);
    const images = Array.from({ length: killsEach }, (_, round) => `round-${round}`);
    const alerts: string[] = [];
    for (const [round, image] of images.entries()) {
      // After a kill no scan begins for a while, and the alerts would all have been delivered by then.
      await scanBegins(world);
      alerts.push(...namedAlerts(world, `alert-${round}`, 5));
      await anyMoment(world, roll);
      if (renumberedRounds.includes(round)) await renumber(world, roll);
      push(image);
      await scanBegins(world);
      await commandsLater(redis, roll() * commandsOfAScan);
      await world.bot.kill();
      await world.restart();
    }
    expect(await settled(world, alerts)).toEqual({ lost: 0, doubled: 0, details: [] });
    await digested(redis, images);
  } finally {
    await disconnect(redis);
    await world.end();
  }
}

/** Every image is new in one digest, and each digest is compared with the one before. */
async function digested(redis: RedisConnection, images: readonly string[]): Promise<void> {
  const shown = async () => (await digestsIn(redis)).flatMap(changesOf);
  const last = `new-image ${images.at(-1)}:1`;
  await vi.waitUntil(async () => (await shown()).includes(last), { timeout: 60_000, interval: 50 });
  const digests = await digestsIn(redis);
  const expected = images.flatMap((name) => Array.from({ length: 3 }, () => `new-image ${name}:1`));
  expect(digests.flatMap(changesOf).sort()).toEqual(expected.sort());
  for (const [index, digest] of digests.entries()) {
    const before = digests[index - 1];
    // Never against the wrong scan, and never twice for a slot.
    expect(digest.before?.slot).toBe(before?.slot);
    const added = before ? changesOf(digest).length : 3;
    expect(total(digest.open)).toBe((before ? total(before.open) : 0) + added);
  }
}

it(`kill -9 at six random points of scans, while 30 alerts go to ${chaosChannels.length} channels whose ids change: each channel has each alert once, and every finding is in one digest, compared with the one before`, async () => {
  // Every world comes to its end, also where another one failed.
  const runs = await Promise.allSettled(
    Array.from({ length: worlds }, (_, index) => killed(20_261_125 + index)),
  );
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}, 510_000);
