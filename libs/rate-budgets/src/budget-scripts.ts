import { keptOfReserve, longestBorrowedMs, quietMs } from './budget-ledger.ts';

/**
 * The scripts that count in Redis. One call of a script is one round trip for all limits of a vendor's call, and
 * nobody else's comes between its looking and its taking. Times are those of Redis, so that replicas need no common
 * clock, unless one is handed in.
 *
 * KEYS: the connection's state (pauses, what the vendor says it grants, and when somebody last waited for a call), then one key for each limit.
 * A limit's key is a hash of bucket number → amount, and of b + bucket number → what of it background work took; for
 * slots, a sorted set of priority/holder → end of its lease.
 * `local-ledger.ts` counts the same way inside one process; a test holds the two together.
 */
const prelude = `
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local state = {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do state[fields[i]] = tonumber(fields[i + 1]) end

-- The present bucket, and for all work and for background work the amounts that still count with the time each ends, and their sum.
local function count(key, kind, length, bucket, begins, margin)
  local present, gone = math.floor((now - begins) / bucket), {}
  local all, background = { used = 0, live = {} }, { used = 0, live = {} }
  if kind == 'fixed' then present = math.floor((now - begins - margin) / bucket) end
  local amounts = redis.call('HGETALL', key)
  for i = 1, #amounts, 2 do
    local field, amount, part = amounts[i], tonumber(amounts[i + 1]), all
    if string.sub(field, 1, 1) == 'b' then field, part = string.sub(field, 2), background end
    local ends = (tonumber(field) + 1) * bucket + begins + margin
    if kind == 'rolling' then ends = ends + length end
    if ends <= now then gone[#gone + 1] = amounts[i]
    else
      part.used = part.used + amount
      part.live[#part.live + 1] = { ends, amount }
    end
  end
  if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
  return present, all, background
end

local function add(key, length, bucket, margin, present, amount, isBackground)
  redis.call('HINCRBY', key, string.format('%.0f', present), string.format('%.0f', amount))
  if isBackground then redis.call('HINCRBY', key, 'b' .. string.format('%.0f', present), string.format('%.0f', amount)) end
  redis.call('PEXPIRE', key, string.format('%.0f', length + bucket + margin + 1000))
end
`;

/**
 * Takes what a call costs in all of its limits, or in none.
 * ARGV: now in ms or 0; the share kept for others, 0 to 1; the share that is not, 0 to 1; the priority; the call's id; how long the state is
 * kept, in ms; then for each limit its name, kind, length, bucket, beginning, margin, limit, cost, and what was taken
 * without Redis meanwhile.
 * Answers 1 and, for each limit, the sum with this call and the limit in force; or 0, the ms to wait, and the number of
 * the limit that asks for the longest wait (0: a pause of the whole connection).
 */
export const takeScript = `${prelude}
local reserved, own, isBackground, keepMs, width = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == 'background', ARGV[6], 9
local holder = ARGV[4] .. '/' .. ARGV[5]
local wait, blocking = 0, 0
local function block(ms, index)
  if ms > wait then wait, blocking = ms, index end
end
local function freeIn(part, cost, ceiling)
  local missing = part.used + cost - ceiling
  if missing <= 0 or part.used == 0 then return 0 end
  table.sort(part.live, function(a, b) return a[1] < b[1] end)
  local freed, ends = 0, now
  for _, one in ipairs(part.live) do
    if freed >= missing then break end
    if one[2] ~= 0 then freed, ends = freed + one[2], one[1] end
  end
  return ends - now
end
local isQuiet = isBackground and now - (state['asked'] or 0) >= ${quietMs}
if not isBackground then
  redis.call('HSET', KEYS[1], 'asked', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], keepMs)
end
block((state['pause'] or 0) - now, 0)
local taken = {}
for i = 2, #KEYS do
  local at = 7 + (i - 2) * width
  local name, kind = ARGV[at], ARGV[at + 1]
  local length, bucket, begins, margin = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  local max, cost, unreported = state['max:' .. name] or tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8])
  local kept = 1
  if isQuiet and (kind == 'slots' or length <= ${longestBorrowedMs}) then kept = ${keptOfReserve} end
  local ceiling, ownCeiling = math.max(1, max - math.ceil(max * reserved * kept)), math.ceil(max * own)
  block((state['pause:' .. name] or 0) - now, i - 1)
  if kind == 'slots' then
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    local held = redis.call('ZCARD', KEYS[i])
    local isFree = held < ceiling
    if not isFree and isBackground and held < max then
      local ofBackground = 0
      for _, member in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
        if string.sub(member, 1, 11) == 'background/' then ofBackground = ofBackground + 1 end
      end
      isFree = ofBackground < ownCeiling
    end
    if not isFree then block(100, i - 1) end
    taken[i] = { kind = kind, key = KEYS[i], length = length, used = held + 1, max = max }
  else
    local present, all, background = count(KEYS[i], kind, length, bucket, begins, margin)
    if unreported > 0 then
      add(KEYS[i], length, bucket, margin, present, unreported, false)
      all.used = all.used + unreported
      all.live[#all.live + 1] = { (present + 1) * bucket + begins + margin + (kind == 'rolling' and length or 0), unreported }
    end
    local ms = freeIn(all, cost, ceiling)
    if ms > 0 and isBackground then
      ms = math.min(ms, math.max(freeIn(all, cost, max), freeIn(background, cost, ownCeiling)))
    end
    block(ms, i - 1)
    taken[i] = { kind = kind, key = KEYS[i], length = length, bucket = bucket, margin = margin, present = present, cost = cost, used = all.used + cost, max = max }
  end
end
-- What the vendor said is not forgotten while calls are made, though its answers tell nothing new.
if #fields > 0 then redis.call('PEXPIRE', KEYS[1], keepMs) end
if wait > 0 then return { 0, math.ceil(wait), blocking } end
local answer = { 1 }
for i = 2, #KEYS do
  local one = taken[i]
  if one.kind == 'slots' then
    redis.call('ZADD', one.key, string.format('%.0f', now + one.length), holder)
    redis.call('PEXPIRE', one.key, string.format('%.0f', one.length + 1000))
  else add(one.key, one.length, one.bucket, one.margin, one.present, one.cost, isBackground) end
  answer[#answer + 1] = math.floor(one.used)
  answer[#answer + 1] = math.floor(one.max)
end
return answer`;

/**
 * Puts down what an answer told, and gives slots back.
 * ARGV: now in ms or 0; how long the state is kept, in ms; priority/id of the call; the pause of the whole connection in ms; then
 * for each limit its name, kind, length, bucket, beginning, margin, and what the vendor counted, what it grants (-1:
 * unknown both), its pause in ms, and how much more the call came to than was taken.
 */
export const settleScript = `${prelude}
local keepMs, holder, width = tonumber(ARGV[2]), ARGV[3], 10
local function pause(field, ms)
  if ms > 0 and now + ms > (state[field] or 0) then
    redis.call('HSET', KEYS[1], field, string.format('%.0f', now + ms))
    keepMs = math.max(keepMs, ms)
  end
end
pause('pause', tonumber(ARGV[4]))
for i = 2, #KEYS do
  local at = 5 + (i - 2) * width
  local name, kind = ARGV[at], ARGV[at + 1]
  local told, max = tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7])
  pause('pause:' .. name, tonumber(ARGV[at + 8]))
  if max >= 1 then redis.call('HSET', KEYS[1], 'max:' .. name, string.format('%.0f', max)) end
  local difference = tonumber(ARGV[at + 9])
  if kind == 'slots' then redis.call('ZREM', KEYS[i], holder)
  elseif told > 0 or difference ~= 0 then
    local length, bucket, begins, margin = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
    local present, all = count(KEYS[i], kind, length, bucket, begins, margin)
    if difference ~= 0 then add(KEYS[i], length, bucket, margin, present, difference, string.sub(holder, 1, 11) == 'background/') end
    local missing = told - all.used - difference
    if missing > 0 then
      -- What others used in a long window was used over all of it and comes back bit by bit: taken as used just now, it
      -- would hold everything up until the last of it had come back, and no answer could say better.
      local share = 0
      if kind == 'rolling' and length >= 3600000 then share = math.floor(missing * bucket / length) end
      if share > 0 then
        for ago = 1, math.floor(length / bucket) - 1 do add(KEYS[i], length, bucket, margin, present - ago, share, false) end
        missing = missing - share * (math.floor(length / bucket) - 1)
      end
      add(KEYS[i], length, bucket, margin, present, missing, false)
    end
  end
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(keepMs, redis.call('PTTL', KEYS[1]))))
end
return 1`;

/**
 * What is used of an account's limits, without taking any.
 * ARGV: now in ms or 0; then for each limit its name, kind, length, bucket, beginning, margin and limit.
 * Answers for each limit what is used, the limit in force, when all of it has come back and until when it pauses, in ms; 0 for neither.
 */
export const readScript = `${prelude}
local width, answer = 7, {}
local function pauseOf(field)
  local ends = state[field] or 0
  return ends > now and ends or 0
end
for i = 2, #KEYS do
  local at = 2 + (i - 2) * width
  local name, kind = ARGV[at], ARGV[at + 1]
  local used, ends = 0, 0
  if kind == 'slots' then used = redis.call('ZCOUNT', KEYS[i], '(' .. string.format('%.0f', now), '+inf')
  else
    local length, bucket, begins, margin = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
    local _, all = count(KEYS[i], kind, length, bucket, begins, margin)
    used = math.max(0, all.used)
    for _, one in ipairs(all.live) do
      if used > 0 and one[2] > 0 then ends = math.max(ends, one[1] - margin) end
    end
  end
  answer[#answer + 1] = math.floor(used)
  answer[#answer + 1] = math.floor(state['max:' .. name] or tonumber(ARGV[at + 6]))
  answer[#answer + 1] = math.ceil(ends)
  answer[#answer + 1] = math.ceil(math.max(pauseOf('pause'), pauseOf('pause:' .. name)))
end
return answer`;
