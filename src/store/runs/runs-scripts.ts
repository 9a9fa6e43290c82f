import { keepNewer } from "../values/stored-value.ts";

/**
 * Writes a run if it is still what was read, and keeps the indices in step with it. ioredis sends a command again where
 * the answer was lost: the value carries a revision, so that its own first effect is known.
 * ARGV: expected, next, id, requested, open, watched until, place in the lane, seconds to live, tried again, untold.
 */
export const putRunScript = `
local there = redis.call('GET', KEYS[1])
if there == ARGV[2] then return 1 end
if (there or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[8])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
if ARGV[5] == '1' then redis.call('SADD', KEYS[3], ARGV[3]) else redis.call('SREM', KEYS[3], ARGV[3]) end
if ARGV[6] ~= '' then redis.call('ZADD', KEYS[4], ARGV[6], ARGV[3]) end
if ARGV[7] ~= '' then redis.call('ZADD', KEYS[5], ARGV[7], ARGV[3]) else redis.call('ZREM', KEYS[5], ARGV[3]) end
if ARGV[9] == '1' then redis.call('SADD', KEYS[6], ARGV[3]) else redis.call('SREM', KEYS[6], ARGV[3]) end
if ARGV[10] == '1' then redis.call('SADD', KEYS[7], ARGV[3]) else redis.call('SREM', KEYS[7], ARGV[3]) end
return 1`;

/** Moves the slot of a drill on. ISO times of one form sort as text. */
export const slotScript = `
local last = redis.call('HGET', KEYS[1], ARGV[1])
if last and last >= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`;

/** Notes that runs were made on a cluster. */
export const visitScript = `${keepNewer} keepHash(KEYS[1], ARGV[1], ARGV[2]) return 1`;

/** Notes which run caused an alert. */
export const claimAlertScript = `${keepNewer} keepText(KEYS[1], ARGV[1], 'EX', ARGV[2]) return 1`;
