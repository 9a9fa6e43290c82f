/**
 * The steps of the outbox that must happen whole or not at all. Every key carries the same hash tag, so that they
 * run in a Redis Cluster too. Types of keys are checked before a script writes (`checked`).
 */
import { keepNewer } from "../values/stored-value.ts";

/** Takes rows out whose event is no longer there. KEYS waiting, then the events. ARGV row ids. Returns how many. */
export const dropScript = `
local dropped = 0
for i, id in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[i + 1]) == 0 then dropped = dropped + redis.call('ZREM', KEYS[1], id) end
end
return dropped`;

/** Lets a row wait again, since when it was taken out: scores of waiting rows are microseconds. */
const waitAgain = `
local function waitAgain(waiting, placed, at, id)
  local score = (tonumber(redis.call('ZSCORE', at, id)) or 0) * 1000
  redis.call('HDEL', placed, id)
  redis.call('ZREM', at, id)
  redis.call('ZADD', waiting, score, id)
end
`;

/** Lets the rows of a message that was never posted wait again. KEYS waiting, placed, placed-at. ARGV message id, row ids. */
export const requeueScript = `${waitAgain}
for i = 2, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[1] then waitAgain(KEYS[1], KEYS[2], KEYS[3], ARGV[i]) end
end
return 1`;

/**
 * Reads events, each only where it is another one than its reader knows. KEYS events. ARGV the digest of each as it is
 * known ('' none). Returns for each its text, nil where there is none, 1 where it is as known, 0 where it is no text.
 */
export const readScript = `
local answers = {}
for i, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  if type(text) == 'table' then answers[i] = 0
  elseif text and ARGV[i] ~= '' and redis.sha1hex(text) == ARGV[i] then answers[i] = 1
  else answers[i] = text end
end
return answers`;

/**
 * Stores events, each unless a newer version of the bot did. One that has a revision is not stored where a later one is
 * there; where another one came in since the event was compared with what was there (expected), it has to be compared
 * again. KEYS events. ARGV for each: event, seconds to live, revision ('' none), expected revision ('' none). Returns for
 * each 1 stored, 0 older, -1 conflict.
 */
export const storeScript = `${keepNewer}
local function store(key, text, seconds, revision, expected)
  local head = redis.call('GETRANGE', key, 0, 40)
  if newer(head) then return 0 end
  if revision ~= '' then
    local there = string.match(head, '^{"v":1,"revision":(%d+)') or ''
    if there ~= '' and tonumber(there) > tonumber(revision) then return 0 end
    if there ~= expected and there ~= revision then return -1 end
  end
  redis.call('SET', key, text, 'EX', seconds)
  return 1
end
local answers = {}
for i, key in ipairs(KEYS) do answers[i] = store(key, unpack(ARGV, 4 * i - 3, 4 * i)) end
return answers`;

/**
 * Records rows, each once for its channel: a row that waits or was placed before is not recorded again; one that was
 * placed and has changed is put down for an update, with the event as it was shown before.
 * A score always rises: by it, an update knows that the event changed again meanwhile.
 * KEYS waiting, placed, changed, before, busy, then the event of each row. ARGV channel, score of the first row, then
 * for each row: id, event before (empty: unchanged), 1 where nothing new may be recorded, revision ('' none): what
 * was not stored in that revision is not put down. Returns the numbers recorded and put down.
 */
export const recordScript = `
local recorded, updated = 0, 0
for i = 3, #ARGV, 4 do
  local id, before, known, revision = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if redis.call('HEXISTS', KEYS[2], id) == 1 then
    local stored = revision == '' or before == '' or
      string.match(redis.call('GETRANGE', KEYS[6 + (i - 3) / 4], 0, 40), '^{"v":1,"revision":(%d+)') == revision
    if before ~= '' and stored then
      local score = math.max(ARGV[2] + i, (redis.call('ZSCORE', KEYS[3], id) or 0) + 1)
      redis.call('HSETNX', KEYS[4], id, before)
      redis.call('ZADD', KEYS[3], string.format('%.0f', score), id)
      updated = updated + 1
    end
  elseif known ~= '1' then
    recorded = recorded + redis.call('ZADD', KEYS[1], 'NX', ARGV[2] + i, id)
  end
end
if recorded + updated > 0 then redis.call('SADD', KEYS[5], ARGV[1]) end
return { recorded, updated }`;

/**
 * Takes rows out of the waiting ones into a message, and writes down the intent to post it, before anything is posted.
 * KEYS waiting, placed, placed-at, messages, intent. ARGV message id, message, intent, now (ms), row ids.
 * Returns 0 where there is another intent or a row is no longer waiting.
 */
export const claimScript = `
if redis.call('EXISTS', KEYS[5]) == 1 then return 0 end
for i = 5, #ARGV do
  if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then return 0 end
end
for i = 5, #ARGV do
  redis.call('ZREM', KEYS[1], ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[1])
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[i])
end
redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
redis.call('SET', KEYS[5], ARGV[3])
return 1`;

/**
 * Lets a row join a message that is there: the message is put down for an update and the thread will say so.
 * KEYS waiting, placed, placed-at, messages, changed, follow, open. ARGV row id, message id, message, follow-up, now
 * (ms), again key ('' none), open record. Returns 0 where the row is no longer waiting.
 */
export const joinScript = `${keepNewer}
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[5], ARGV[5], ARGV[1])
redis.call('RPUSH', KEYS[6], ARGV[4])
if ARGV[6] ~= '' then keepHash(KEYS[7], ARGV[6], ARGV[7]) end
return 1`;

/**
 * Lets a row wait again that had joined a message, which nothing joins any more.
 * KEYS waiting, placed, placed-at, changed, before, open. ARGV row id, message id. Returns 0 where it has moved on already.
 */
export const releaseScript = `${waitAgain}
local open = redis.call('HGETALL', KEYS[6])
for i = 1, #open, 2 do
  local read, record = pcall(cjson.decode, open[i + 1])
  if read and type(record) == 'table' and record.message == ARGV[2] then redis.call('HDEL', KEYS[6], open[i]) end
end
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('HDEL', KEYS[5], ARGV[1])
waitAgain(KEYS[1], KEYS[2], KEYS[3], ARGV[1])
return 1`;

/**
 * Ends an intent, if it is still the one given: the message is kept with its time stamp, what follows is put down.
 * KEYS intent, messages, follow, open. ARGV intent id, message id ('' none), message, 1 where the head of the
 * follow-ups is done, number of follow-ups, the follow-ups, then pairs of again key and open record.
 */
export const completeScript = `${keepNewer}
local read, intent = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
if not read or type(intent) ~= 'table' or intent.id ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end
if ARGV[4] == '1' then redis.call('LPOP', KEYS[3]) end
local follows = tonumber(ARGV[5])
for i = 6, 5 + follows do redis.call('RPUSH', KEYS[3], ARGV[i]) end
for i = 6 + follows, #ARGV, 2 do keepHash(KEYS[4], ARGV[i], ARGV[i + 1]) end
return 1`;

/**
 * Ends an update, unless the event changed again meanwhile (its score moved): then it stays put down.
 * A reply or edit that still waits says what this one would: it is rendered when it is made, from its own beginning.
 * KEYS changed, before, follow. ARGV number of rows, pairs of row id and score as read, then follow-ups.
 */
export const updatedScript = `
local rows = tonumber(ARGV[1])
for i = 2, 2 * rows, 2 do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('HDEL', KEYS[2], ARGV[i])
  end
end
local waiting = redis.call('LRANGE', KEYS[3], 0, -1)
for i = 2 + 2 * rows, #ARGV do
  local follow, there = cjson.decode(ARGV[i]), false
  for _, text in ipairs(waiting) do
    local read, one = pcall(cjson.decode, text)
    local same = read and type(one) == 'table' and
      one.kind == follow.kind and one.id == follow.id and one.message == follow.message
    there = there or (same and (one.kind == 'changed' or one.kind == 'edit'))
  end
  if not there then redis.call('RPUSH', KEYS[3], ARGV[i]) end
end
return 1`;

/** Takes the channel off the list of those with work. KEYS waiting, changed, follow, intent, busy. ARGV channel. */
export const restScript = `
for i = 1, 4 do if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end end
return redis.call('SREM', KEYS[5], ARGV[1])`;

/**
 * Messages go with their last member, and what is held of them. KEYS placed-at, placed, messages, held. ARGV the oldest
 * time that is kept (ms).
 */
export const trimScript = `
local held = redis.call('HKEYS', KEYS[4])
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 5000)
for _, id in ipairs(old) do
  local message = redis.call('HGET', KEYS[2], id)
  redis.call('HDEL', KEYS[2], id)
  if message then redis.call('HDEL', KEYS[3], message) end
  for _, one in ipairs(message and held or {}) do
    if one == message or string.sub(one, 1, #message + 1) == message .. '.' then redis.call('HDEL', KEYS[4], one) end
  end
  redis.call('ZREM', KEYS[1], id)
end
return #old`;
