/** @module What a call of the Bot API is given, as JSON carries it: so it can wait in the database. */
import { isJsonObject, type JsonObject } from '../../support/json-object.ts'
import { messageOf } from '../../support/message-of.ts'
import { ReplyNotJsonError } from '../errors.ts'

/**
 * Gives a copy of which nobody else has a part: what the handler changes afterwards is not sent.
 *
 * @throws {ReplyNotJsonError} for what would be lost: files, functions, large integers, numbers that are none, circles
 */
export function asJson(method: string, payload: object): JsonObject {
  const copy = copyOf(payload, [], [])
  return isJsonObject(copy) ? copy : fail([], 'it is no object')

  function copyOf(value: unknown, path: readonly string[], around: readonly object[]): unknown {
    const plain = plainOf(value, path)
    const reason = objection(plain, around)
    if (reason) return fail(path, reason)
    // Half of a pair of surrogates, as a cut leaves it, is no UTF-8: the Bot API would refuse all of it.
    if (typeof plain === 'string') return plain.toWellFormed()
    if (typeof plain !== 'object' || plain === null) return plain
    const inside = [...around, plain]
    if (Array.isArray(plain)) {
      return Array.from(plain, (each: unknown, at) => copyOf(each ?? null, [...path, `${at}`], inside))
    }
    const entries = Object.entries(plain).filter(([, each]) => each !== undefined)
    return Object.fromEntries(entries.map(([name, each]) => [name, copyOf(each, [...path, name], inside)]))
  }

  /** What a `toJSON()` gives, as that of keyboards and dates. */
  function plainOf(value: unknown, path: readonly string[]): unknown {
    if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value
    if (typeof value.toJSON !== 'function') return value
    try {
      const plain: unknown = value.toJSON()
      return plain
    } catch (error) {
      return fail(path, messageOf(error), error)
    }
  }

  function fail(path: readonly string[], reason: string, cause?: unknown): never {
    throw new ReplyNotJsonError(method, placeOf(path), reason, cause)
  }
}

/** Why JSON would lose this part, or undefined when it does not. */
function objection(part: unknown, around: readonly object[]): string | undefined {
  if (typeof part === 'bigint') return 'it is a BigInt'
  if (typeof part === 'function') return 'it is a function'
  if (typeof part === 'symbol') return 'it is a symbol'
  if (typeof part === 'number' && !Number.isFinite(part)) return `it is ${part}`
  if (typeof part !== 'object' || part === null) return undefined
  if (around.includes(part)) return 'it holds itself'
  if (Array.isArray(part) || isPlain(part)) return undefined
  return `it is a ${part.constructor?.name || 'thing of a class'}`
}

/** Keyboards of grammy are of a class of their own and hold nothing but plain values; files read themselves when they are sent. */
function isPlain(part: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(part)
  if (prototype === Object.prototype || prototype === null) return true
  return 'inline_keyboard' in part || 'keyboard' in part
}

function placeOf(path: readonly string[]): string {
  if (path.length === 0) return 'what it is given'
  return path.reduce((place, name) => {
    if (/^\d+$/.test(name)) return `${place}[${name}]`
    return place === '' ? name : `${place}.${name}`
  }, '')
}
