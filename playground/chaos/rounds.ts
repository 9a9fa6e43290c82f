import { estateOf, newAlert } from "../estate/estate.ts";
import { startWorld, type World, type WorldOptions } from "../world.ts";
import type { Fault } from "./faults.ts";
import { allShown, lostAndDoubled } from "./shown.ts";

export type Outcome = { lost: number; doubled: number; details: string[] };

export const chaosChannels = ["C0SECURITY1", "C0PLATFORM1", "C0JAPAN0001"];
export const chaosConfig = `
schedules:
  alerts: "* * * * * *"
channels:
${chaosChannels.map((channel) => `  - { channel: ${channel}, topics: [alerts] }`).join("\n")}
`;

/** How long what is on its way may take to arrive after the last fault, in real milliseconds. */
const settleMs = 180_000;

/** Deterministic numbers from 0 to 1, so that a run can be played again. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A bot that polls every second, and three channels that have their baseline. */
export async function chaosWorld(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({
    config: chaosConfig,
    ...options,
    env: { LOG_LEVEL: "warn", ...options.env },
    azure: options.azure ?? { estate: chaosEstate() },
  });
  await watching(world);
  return world;
}

export const chaosEstate = (registries = 0) =>
  estateOf({ subscriptions: 3, clusters: 6, alerts: 20, registries, recommendations: false }, new Date());

/** Waits until every channel has the message that the bot watches from now on. */
export async function watching({ slack }: World): Promise<void> {
  await slack.until(() => chaosChannels.every((channel) => slack.messages(channel).length > 0), 30_000);
}

/** Puts alerts into the estate that name themselves, so that they can be counted wherever they are shown. */
export function namedAlerts(world: World, name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const entity = `${name}-${n}-end`;
    newAlert(world.azure.estate, { properties: { compromisedEntity: entity } });
    return entity;
  });
}

/** New alerts and a fault, round after round; then everything has to be there once. */
export async function play(
  world: World,
  faults: readonly Fault[],
  options: { rounds: number; each: number; seed: number; name?: string },
): Promise<Outcome> {
  const { name = "round", seed } = options;
  const roll = dice(seed);
  const names: string[] = [];
  for (let round = 0; round < options.rounds; round++) {
    names.push(...namedAlerts(world, `${name}-${round}`, options.each));
    const fault = faults[round % faults.length]!;
    await fault.strike(world, roll);
    await world.slack
      .until(() => lostAndDoubled(world, chaosChannels[0]!, names).lost.length < names.length, 4000)
      .catch(() => undefined);
    await fault.over(world);
  }
  return settled(world, names);
}

/** Waits until every channel shows every name; then counts. What is missing after the time is lost. */
export async function settled(world: World, names: readonly string[], ms = settleMs): Promise<Outcome> {
  await world.slack
    .until(() => chaosChannels.every((channel) => allShown(world, channel, names)), ms)
    .catch(() => undefined);
  const channels = chaosChannels.map((channel) => ({ channel, ...lostAndDoubled(world, channel, names) }));
  return {
    lost: channels.reduce((sum, { lost }) => sum + lost.length, 0),
    doubled: channels.reduce((sum, { doubled }) => sum + doubled.length, 0),
    details: channels.flatMap(({ channel, lost, doubled }) => [
      ...lost.map((name) => `${channel} lost ${name}`),
      ...doubled.map((name) => `${channel} doubled ${name}`),
    ]),
  };
}
