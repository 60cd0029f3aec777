/** @module What Redis does in one step: scripts of one key each, so that they work on clusters as well. */
import type { Redis } from 'ioredis'

/** A value is its end in digits, or nothing where it has none, a colon, and its text. What is over is not there, nor what is no text. */
const FIND = `
local value = redis.pcall('GET', KEYS[1])
local text, ending = false, ''
if type(value) == 'string' then
  local digits, start = string.match(value, '^(%d*):()')
  if digits and (digits == '' or tonumber(digits) > tonumber(ARGV[1])) then
    text, ending = string.sub(value, start), digits
  end
end
`

const REPLACE = `${FIND}
if ARGV[2] == '1' then
  if text ~= ARGV[3] then return 0 end
elseif text then return 0 end
if ARGV[4] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[5] == '' then redis.call('SET', KEYS[1], ARGV[4])
else redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5]) end
return 1
`

const INCREMENT = `${FIND}
if text and text ~= '0' and not string.match(text, '^%-?[1-9]%d*$') then return {'not a count'} end
local before = tonumber(text or '0')
local count = before + tonumber(ARGV[2])
local most = 9007199254740991
if math.abs(before) > most or math.abs(count) > most then return {'out of range'} end
local digits = string.format('%.0f', count)
if text then redis.call('SET', KEYS[1], ending .. ':' .. digits, 'KEEPTTL')
else
  ending = ARGV[3]
  if ARGV[4] == '' then redis.call('SET', KEYS[1], ending .. ':' .. digits)
  else redis.call('SET', KEYS[1], ending .. ':' .. digits, 'PX', ARGV[4]) end
end
return {digits, ending}
`

export interface RedisScripts {
  limberReplace(
    key: string,
    now: number,
    isExpecting: '0' | '1',
    expected: string,
    value: string,
    bound: string,
  ): Promise<number>
  /** Gives the digits of the count and of its end, or why there is none. */
  limberIncrement(
    key: string,
    now: number,
    by: number,
    ending: string,
    bound: string,
  ): Promise<readonly [string, string?]>
}

export const REDIS_SCRIPTS = {
  limberReplace: { lua: REPLACE, numberOfKeys: 1 },
  limberIncrement: { lua: INCREMENT, numberOfKeys: 1 },
}

export function scriptsOf(client: Redis): RedisScripts {
  // The client has a method for each of the scripts that it was made with.
  return client as Redis & RedisScripts
}
