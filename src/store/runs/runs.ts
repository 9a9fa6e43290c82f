/**
 * Simulation runs. Keys, below the prefix:
 *   runs:run:ID      the run (string, JSON { v, rev, run })
 *   runs:time        ids by the time of their request (sorted set)
 *   runs:open        ids of runs that are not over (set)
 *   runs:untold      ids of runs that are over and not announced yet (set)
 *   runs:left        ids of runs that are over and left something that is tried again (set)
 *   runs:watched     ids of runs whose alerts may still come, by the time until which (sorted set)
 *   runs:lane:LANE   ids of runs that have or wait for their turn on a target, by the time of their approval (sorted set)
 *   runs:clusters    cluster id → the cluster, and when a run was last there (hash, JSON)
 *   runs:alert:ID    the run that caused an alert (string, JSON)
 *   runs:drills      drill → its last slot (hash)
 * Retention: `retention.simulations` days after the last change; clusters as long; alerts `retention.alerts`; drills one field each.
 * Whatever changes a run compares it with what was read: of two changes at the same moment one is made on top of the
 * other, or not at all.
 */

import { randomUUID } from "node:crypto";
import type { Retention } from "../../domain/retention.ts";
import { isTriedAgain } from "../../domain/simulations/retries.ts";
import type { ClusterRef, Run } from "../../domain/simulations/simulation.ts";
import { isOver, laneOf, watchedUntil } from "../../domain/simulations/transitions.ts";
import type { RunsPort } from "../../ports/runs.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import { checked } from "../values/key-types.ts";
import type { Values } from "../values/read.ts";
import { oldest, seconds, usualRetention } from "../values/retention.ts";
import { claimAlertScript, putRunScript, slotScript, visitScript } from "./runs-scripts.ts";

type Visited = { v: 1; cluster: ClusterRef; at: string; commands?: Run["commands"] };
type Stored = { v: 1; rev: string; run: Run };
/** More conflicts in a row than people and jobs can make at the same moment. */
const mostTries = 50;

export function runsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days: Pick<Retention, "alerts" | "simulations"> = usualRetention,
): RunsPort {
  const key = (part: string) => `${prefix}:runs:${part}`;
  const many = async (ids: readonly string[]): Promise<Run[]> => {
    if (ids.length === 0) return [];
    const on = ids.map((id) => key(`run:${id}`));
    const stored = await values.texts(formats.run, on, await redis.mget(on));
    return stored.flatMap((one) => (one ? [one.run] : []));
  };
  const visited = async () => {
    const all = await values.fields(formats.visited, key("clusters"), await redis.hgetall(key("clusters")));
    return [...all.values()];
  };
  const lastSlot = async (drill: string) =>
    values.field(formats.drillSlot, key("drills"), drill, await redis.hget(key("drills"), drill));
  /** Ids in the order of their turn; a run that is no longer there, or could not be read, holds no one up. */
  const lane = async (run: Run) => {
    const place = key(`lane:${laneOf(run)}`);
    const ids = await redis.zrange(place, "0", "-1");
    if (ids.length === 0) return [];
    const texts = await redis.mget(ids.map((id) => key(`run:${id}`)));
    const lost = ids.filter((_, index) => texts[index] === null);
    if (lost.length > 0) await redis.zrem(place, ...lost);
    return ids.filter((id) => !lost.includes(id));
  };
  const put = async (expected: string, run: Run): Promise<boolean> => {
    const stored: Stored = { v: 1, rev: randomUUID(), run };
    const keys = [`run:${run.id}`, "time", "open", "watched", `lane:${laneOf(run)}`, "left", "untold"].map(
      key,
    );
    const inLane = run.at.approved !== undefined && !isOver(run);
    const answer = await redis.eval(
      checked(putRunScript, keys, prefix),
      keys.length,
      ...keys,
      expected,
      JSON.stringify(stored),
      run.id,
      milliseconds(run.at.requested),
      isOver(run) ? "0" : "1",
      milliseconds(watchedUntil(run)),
      inLane ? milliseconds(run.at.approved) : "",
      seconds(days.simulations),
      isTriedAgain(run) ? "1" : "0",
      isOver(run) && !run.told ? "1" : "0",
    );
    return answer === 1;
  };
  return {
    async get(id) {
      return (await many([id]))[0];
    },

    add: (run) => put("", run),

    async change(id, change) {
      for (let tries = 0; tries < mostTries; tries++) {
        const text = await redis.get(key(`run:${id}`));
        if (text === null) return undefined;
        const stored = await values.text(formats.run, text, key(`run:${id}`));
        if (!stored) return undefined;
        const { run } = stored;
        const next = change(run);
        if (next === undefined || next === run) return { run, changed: false };
        const revised = { ...next, revision: (run.revision ?? 0) + 1 };
        if (await put(text, revised)) return { run: revised, changed: true };
      }
      throw new Error(`Run ${id} was changed by others ${mostTries} times in a row.`);
    },

    async list({ scenario, cluster, since, limit = 1000 } = {}) {
      const least = String(since ? Date.parse(since) : 0);
      const ids = await redis.zrevrangebyscore(key("time"), "+inf", least, "LIMIT", 0, limit);
      const runs = await many(ids);
      return runs.filter(
        (run) =>
          (scenario === undefined || run.scenario === scenario) &&
          (cluster === undefined || run.cluster?.id.toLowerCase() === cluster.toLowerCase()),
      );
    },

    open: async () => many(await redis.smembers(key("open"))),

    untold: async () => many(await redis.smembers(key("untold"))),

    left: async () => many(await redis.smembers(key("left"))),

    async watched(now) {
      return many(await redis.zrangebyscore(key("watched"), String(Date.parse(now)), "+inf"));
    },

    async before(run) {
      return Math.max(0, (await lane(run)).indexOf(run.id));
    },

    async next(run) {
      const [first] = await lane(run);
      return first === run.id ? undefined : first;
    },

    async visit(cluster, now) {
      const stored = JSON.stringify({ v: 1, cluster, at: now } satisfies Visited);
      await redis.eval(visitScript, 1, key("clusters"), cluster.id.toLowerCase(), stored);
    },

    async sweeping({ id }, commands) {
      const text = await redis.hget(key("clusters"), id.toLowerCase());
      const before = await values.field(formats.visited, key("clusters"), id.toLowerCase(), text);
      if (!before) return;
      const stored: Visited = { v: 1, ...before, commands };
      await redis.hset(key("clusters"), id.toLowerCase(), JSON.stringify(stored));
    },

    async leave(cluster) {
      await redis.hdel(key("clusters"), cluster.id.toLowerCase());
    },

    visited,

    async claim(alert, claim) {
      const stored = JSON.stringify({ v: 1, ...claim });
      await redis.eval(claimAlertScript, 1, key(`alert:${alert}`), stored, seconds(days.alerts));
    },

    async claims(alerts) {
      if (alerts.length === 0) return new Map();
      const on = alerts.map((id) => key(`alert:${id}`));
      const stored = await values.texts(formats.claim, on, await redis.mget(on));
      return new Map(stored.flatMap((claim, index) => (claim ? [[alerts[index]!, claim] as const] : [])));
    },

    lastSlot,

    async takeSlot(drill, slot) {
      // One that cannot be read is moved first: as text it might be later than every time.
      await lastSlot(drill);
      return (await redis.eval(slotScript, 1, key("drills"), drill, slot)) === 1;
    },

    async trim(now) {
      const first = Date.parse(oldest(now, days.simulations));
      await redis.zremrangebyscore(key("time"), "-inf", first);
      await redis.zremrangebyscore(key("watched"), "-inf", Date.parse(now));
      for (const { cluster, at } of await visited())
        if (Date.parse(at) < first) await redis.hdel(key("clusters"), cluster.id.toLowerCase());
    },
  };
}

function milliseconds(iso: string | undefined): string {
  return iso === undefined ? "" : String(Date.parse(iso));
}
