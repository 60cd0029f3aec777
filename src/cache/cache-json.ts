/** @module What the cache can keep: values that JSON carries without losing a part of them. */
import { messageOf } from '../support/message-of.ts'
import { CacheValueError } from './errors.ts'

/** What comes back of a value: dates as texts, objects as their `toJSON()` gives them. */
export type Kept<T> = unknown extends T
  ? T
  : T extends { toJSON(...args: never[]): infer R }
    ? Kept<R>
    : T extends string | number | boolean | null | undefined
      ? T
      : T extends readonly unknown[]
        ? { -readonly [K in keyof T]: Kept<T[K]> }
        : T extends object
          ? { [K in keyof T]: Kept<T[K]> }
          : T

/**
 * Writes a value as JSON.
 *
 * @returns undefined for undefined
 * @throws {CacheValueError} for what would be lost: functions, symbols, large integers, circles, numbers that are none, maps and sets
 */
export function toJson(key: string, value: unknown): string | undefined {
  const path: Step[] = []
  try {
    return JSON.stringify(value, function (this: object, name: string, part: unknown) {
      while (path.length > 0 && path.at(-1)?.holder !== this) path.pop()
      const reason = objection(part, path)
      if (reason) throw new CacheValueError(key, placeOf([...path.map((step) => step.name), name]), reason)
      if (typeof part === 'object' && part !== null) path.push({ name, holder: part })
      return part
    })
  } catch (error) {
    if (error instanceof CacheValueError) throw error
    // A getter or a toJSON() of the value.
    throw new CacheValueError(key, placeOf(path.map((step) => step.name)), messageOf(error), error)
  }
}

interface Step {
  readonly name: string
  readonly holder: object
}

/** Why JSON would lose this part, or undefined when it does not. */
function objection(part: unknown, path: readonly Step[]): string | undefined {
  if (typeof part === 'bigint') return 'it is a BigInt'
  if (typeof part === 'function') return 'it is a function'
  if (typeof part === 'symbol') return 'it is a symbol'
  if (typeof part === 'number' && !Number.isFinite(part)) return `it is ${part}`
  if (part instanceof Map || part instanceof Set) return `it is a ${part.constructor.name}`
  if (part instanceof Promise) return 'it is a promise that nobody has awaited'
  return path.some((step) => step.holder === part) ? 'it holds itself' : undefined
}

/** The first name belongs to the value as a whole. */
function placeOf([, ...names]: readonly string[]): string {
  return names.reduce(
    (place, name) => (/^\d+$/.test(name) ? `${place}[${name}]` : `${place}.${name}`),
    'value',
  )
}
