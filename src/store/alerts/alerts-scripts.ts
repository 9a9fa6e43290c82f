import { keepNewer } from "../values/stored-value.ts";

/** What is stored of an alert, where that can be read; the port moves away what cannot. */
const seenAt = `${keepNewer}
local function seenAt(text)
  local read, there = pcall(cjson.decode, text or '')
  if read and type(there) == 'table' and #there >= 4 then return there end
end
`;

/**
 * Remembers alerts as a reading has them. What a button or a later reading put down about the alerts API stays; and
 * where either came in since the reading was compared, the next reading looks again.
 * KEYS seen. ARGV for each: id, row, api, day, at, 1 where unconfirmed, the time of what it was compared with.
 * ISO times of one form sort as text.
 */
export const markScript = `${seenAt}
for i = 1, #ARGV, 7 do
  local api, at, unconfirmed = ARGV[i + 2], ARGV[i + 4], ARGV[i + 5] == '1'
  local text = redis.call('HGET', KEYS[1], ARGV[i])
  local there = seenAt(text)
  if there and (there[5] or '') ~= ARGV[i + 6] then
    unconfirmed = true
    if (there[5] or '') > at then api, at = there[3], there[5] end
  end
  local seen = { 1, ARGV[i + 1], api, ARGV[i + 3], at }
  if unconfirmed then seen[6] = 1 end
  keepHash(KEYS[1], ARGV[i], cjson.encode(seen))
end
return 1`;

/** Remembers what a button asked for. KEYS seen, sums. ARGV id, api, at, the subscription to read again. */
export const pressScript = `${seenAt}
local text = redis.call('HGET', KEYS[1], ARGV[1])
local there = seenAt(text) or { 1, '', '', '' }
keepHash(KEYS[1], ARGV[1], cjson.encode({ 1, there[2], ARGV[2], there[4], ARGV[3], 1 }))
redis.call('HDEL', KEYS[2], ARGV[4])
return 1`;

/** Lets the next reading look at alerts again. KEYS seen. ARGV ids. */
export const doubtScript = `${seenAt}
for _, id in ipairs(ARGV) do
  local text = redis.call('HGET', KEYS[1], id)
  local there = seenAt(text)
  if there then
    keepHash(KEYS[1], id, cjson.encode({ 1, there[2], there[3], there[4], there[5] or '', 1 }))
  end
end
return 1`;
