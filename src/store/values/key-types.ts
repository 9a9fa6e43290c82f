import { Cluster, type Redis } from "ioredis";
import type { StoredKind } from "../../domain/stored-kind.ts";
import type { RedisConnection } from "../../redis/connection.ts";

type RedisType = "string" | "hash" | "set" | "zset" | "list" | "stream";

/** Type of each key below the prefix; `*` is any text. The first row that fits counts. */
const types: readonly [pattern: string, type: RedisType, kind: StoredKind][] = [
  ["alerts:seen", "hash", "alerts"],
  ["alerts:baseline", "set", "alerts"],
  ["alerts:sums", "hash", "alerts"],
  ["alerts:*", "string", "alerts"],
  ["audit", "stream", "audit"],
  ["audit:refusals", "stream", "audit"],
  ["audit:refused:*", "hash", "audit"],
  ["audit:sent:*", "string", "audit"],
  ["channel-ids", "hash", "channels"],
  ["compliance", "hash", "compliance"],
  ["coverage", "hash", "coverage"],
  ["coverage:days", "hash", "coverage"],
  ["enablements", "hash", "enablements"],
  ["event:*", "string", "outbox"],
  ["exemptions", "hash", "exemptions"],
  ["findings:state", "hash", "findings"],
  ["findings:pieces", "set", "findings"],
  ["findings:piece:*", "string", "findings"],
  ["findings:cves", "list", "findings"],
  ["findings:days", "hash", "findings"],
  ["findings:fixed:*", "string", "findings"],
  ["findings:fixings", "zset", "findings"],
  ["hunts", "hash", "hunts"],
  ["lease:*", "string", "once"],
  ["mutes", "hash", "mutes"],
  ["mutes:*:kept", "hash", "mutes"],
  ["once:*", "string", "once"],
  ["outbox:busy", "set", "outbox"],
  ["outbox:channels", "set", "outbox"],
  ["outbox:lag", "string", "outbox"],
  ["outbox:*:waiting", "zset", "outbox"],
  ["outbox:*:changed", "zset", "outbox"],
  ["outbox:*:placed-at", "zset", "outbox"],
  ["outbox:*:follow", "list", "outbox"],
  ["outbox:*:intent", "string", "outbox"],
  ["outbox:*", "hash", "outbox"],
  ["readings:*", "string", "readings"],
  ["recommendations", "hash", "recommendations"],
  ["runs:run:*", "string", "simulations"],
  ["runs:alert:*", "string", "simulations"],
  ["runs:clusters", "hash", "simulations"],
  ["runs:drills", "hash", "simulations"],
  ["runs:time", "zset", "simulations"],
  ["runs:watched", "zset", "simulations"],
  ["runs:lane:*", "zset", "simulations"],
  ["runs:*", "set", "simulations"],
  ["slots", "hash", "slots"],
  ["slots:finished", "hash", "slots"],
  ["subscriptions", "hash", "subscriptions"],
  ["trouble", "hash", "trouble"],
  ["trouble:failures", "hash", "trouble"],
];

/** What a key (without the prefix) holds; undefined where it is none of the store's. */
export function typeOf(key: string): { type: RedisType; kind: StoredKind } | undefined {
  const row = types.find(([pattern]) => fits(pattern, key));
  return row && { type: row[1], kind: row[2] };
}

function fits(pattern: string, key: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return key === pattern;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return key.length >= start.length + end.length && key.startsWith(start) && key.endsWith(end);
}

/**
 * Lua that refuses a script before its first write where one of its keys has another type: a script that stops in the
 * middle is not undone. BullMQ's and ioredis' own scripts are not concerned.
 */
export function checked(script: string, keys: readonly string[], prefix: string): string {
  const expected = keys.map((key) => typeOf(key.slice(prefix.length + 1))?.type ?? "");
  return `
local expected = { ${expected.map((type) => `'${type}'`).join(", ")} }
for i, right in ipairs(expected) do
  local type = right ~= '' and redis.call('TYPE', KEYS[i]).ok or 'none'
  if type ~= 'none' and type ~= right then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. type)
  end
end
${script}`;
}

/** Keys below the prefix whose type is not the one that they are written with. Walks over all of them, in steps. */
export async function* keysOfWrongType(
  redis: RedisConnection,
  prefix: string,
): AsyncGenerator<{ key: string; type: string; kind: StoredKind }> {
  for await (const { node, keys } of scanned(redis, prefix)) {
    const pipeline = node.pipeline();
    for (const key of keys) pipeline.type(key);
    const answers = (await pipeline.exec()) ?? [];
    for (const [index, [, type]] of answers.entries()) {
      const key = keys[index]!;
      const row = typeOf(key.slice(prefix.length + 1));
      if (row && type !== "none" && type !== row.type) yield { key, type: String(type), kind: row.kind };
    }
  }
}

/** The keys below the prefix, some hundreds at once, on every node: never the whole of a shared Redis in one call. */
export async function* scanned(
  redis: RedisConnection,
  prefix: string,
): AsyncGenerator<{ node: Redis; keys: string[] }> {
  for (const node of redis instanceof Cluster ? redis.nodes("master") : [redis]) {
    let cursor = "0";
    do {
      const [next, keys] = await node.scan(cursor, "MATCH", `${literal(prefix)}:*`, "COUNT", 500);
      cursor = next;
      if (keys.length > 0) yield { node, keys };
    } while (cursor !== "0");
  }
}

/** The prefix, with the characters that MATCH reads as a pattern taken literally. */
function literal(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}
