/** Two outboxes of one channel, under an earlier and under its latest id, become one in a single step. */
import type { RedisConnection } from "../../redis/connection.ts";
import { checked } from "../values/key-types.ts";

const parts = [
  ...["waiting", "placed", "placed-at", "messages", "intent", "changed"],
  ...["before", "follow", "open", "about", "held"],
];

/**
 * What only one of both has is renamed; where both have it, the latest id's comes first. A row that both have posted stays
 * with the message of the latest id; a row that one has posted waits no longer, and its message is brought up to date.
 * KEYS the parts of the earlier id, those of the latest one, busy, channels. ARGV earlier id, latest id.
 * Returns 0 where each has an intent.
 */
const joinScript = `
local part, count = {}, ${parts.length}
for i, name in ipairs({ ${parts.map((part) => `'${part}'`).join(", ")} }) do part[name] = i end
local function earlier(name) return KEYS[part[name]] end
local function latest(name) return KEYS[part[name] + count] end
local function has(key) return redis.call('EXISTS', key) == 1 end
local function renamed(name)
  if not has(earlier(name)) then return true end
  if has(latest(name)) then return false end
  redis.call('RENAME', earlier(name), latest(name))
  return true
end
local function append(from, to)
  for _, text in ipairs(redis.call('LRANGE', from, 0, -1)) do redis.call('RPUSH', to, text) end
  redis.call('DEL', from)
end

if has(earlier('intent')) and has(latest('intent')) then return 0 end

if has(latest('placed')) then
  local rows, kept, doubled = redis.call('HGETALL', earlier('placed')), {}, {}
  for i = 1, #rows, 2 do
    if redis.call('HSETNX', latest('placed'), rows[i], rows[i + 1]) == 1 then kept[rows[i + 1]] = true
    else table.insert(doubled, rows[i + 1]) end
  end
  for _, message in ipairs(doubled) do
    if not kept[message] then redis.call('HDEL', earlier('messages'), message) end
  end
  redis.call('DEL', earlier('placed'))
else renamed('placed') end

redis.call('HDEL', earlier('about'), 'paused')
for _, name in ipairs({ 'messages', 'before', 'open', 'about', 'held' }) do
  if not renamed(name) then
    local all = redis.call('HGETALL', earlier(name))
    for i = 1, #all, 2 do redis.call('HSETNX', latest(name), all[i], all[i + 1]) end
    redis.call('DEL', earlier(name))
  end
end
for name, which in pairs({ waiting = 'MIN', ['placed-at'] = 'MIN', changed = 'MAX' }) do
  if not renamed(name) then
    redis.call('ZUNIONSTORE', latest(name), 2, latest(name), earlier(name), 'AGGREGATE', which)
    redis.call('DEL', earlier(name))
  end
end
local waiting = redis.call('ZRANGE', latest('waiting'), 0, -1, 'WITHSCORES')
for i = 1, #waiting, 2 do
  if redis.call('HEXISTS', latest('placed'), waiting[i]) == 1 then
    redis.call('ZREM', latest('waiting'), waiting[i])
    redis.call('ZADD', latest('changed'), 'NX', waiting[i + 1], waiting[i])
  end
end
if has(earlier('intent')) then
  append(latest('follow'), earlier('follow'))
  renamed('follow')
  renamed('intent')
else append(earlier('follow'), latest('follow')) end

for _, set in ipairs({ KEYS[2 * count + 1], KEYS[2 * count + 2] }) do
  redis.call('SREM', set, ARGV[1])
  redis.call('SADD', set, ARGV[2])
end
return 1`;

/** Atomic, so that it happened or did not, whenever a process dies; repeating it changes nothing. */
export async function joinOutboxes(
  redis: RedisConnection,
  prefix: string,
  earlier: string,
  latest: string,
): Promise<boolean> {
  const keysOf = (channel: string) => parts.map((part) => `${prefix}:outbox:${channel}:${part}`);
  const on = [...keysOf(earlier), ...keysOf(latest), `${prefix}:outbox:busy`, `${prefix}:outbox:channels`];
  return (await redis.eval(checked(joinScript, on, prefix), on.length, ...on, earlier, latest)) === 1;
}
