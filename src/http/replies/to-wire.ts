/** @module From what a handler returns to what JSON can say. */
import type { Fault } from '../../errors/limber-error.ts'

/** A value that has no place in a reply, and where it was. */
export class NotWireError extends Error {
  readonly fault: Fault

  constructor(path: readonly string[], message: string) {
    super(message)
    this.fault = { path: ['result', ...path].join('.'), message }
  }
}

/**
 * Makes plain data: `toJSON` is called (entities and dates have it), large integers become text, sets become lists,
 * and what is undefined is left out.
 *
 * @throws {NotWireError} for a value that contains itself, and for what is no data: functions, errors, promises
 */
export function toWire(value: unknown, path: string[] = [], parents: object[] = []): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') throw noData(path, value)
  if (typeof value !== 'object' || value === null) return value
  if (parents.includes(value)) throw new NotWireError(path, 'It contains itself.')
  parents.push(value)
  const wire = walk(value, path, parents)
  parents.pop()
  return wire
}

function walk(value: object, path: string[], parents: object[]): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const json: unknown = value.toJSON()
    if (json !== value) return toWire(json, path, parents)
  }
  if (Array.isArray(value)) return listOf(value, path, parents)
  if (isPlain(value)) return recordOf(Object.entries(value), path, parents)
  if (value instanceof Set) return listOf([...value], path, parents)
  if (value instanceof Map) return recordOf(value, path, parents)
  if (kindOf(value) !== 'Object') throw noData(path, value)
  return recordOf(Object.entries(value), path, parents)
}

/** Most objects are: then nothing needs to be asked of them. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !(Symbol.toStringTag in value)
}

function listOf(items: readonly unknown[], path: string[], parents: object[]): unknown[] {
  const wire: unknown[] = []
  for (let index = 0; index < items.length; index++) {
    wire.push(below(String(index), items[index], path, parents) ?? null)
  }
  return wire
}

function recordOf(entries: Iterable<[unknown, unknown]>, path: string[], parents: object[]): object {
  const wire: Record<string, unknown> = {}
  for (const [name, item] of entries) {
    const key = String(name)
    const made = below(key, item, path, parents)
    if (made === undefined) continue
    // A key named __proto__ is data like any other, and must not be assigned.
    if (key === '__proto__') Object.defineProperty(wire, key, { value: made, ...PLAIN })
    else wire[key] = made
  }
  return wire
}

/** The path is one list that grows and shrinks: nearly always nobody asks for it. */
function below(key: string, value: unknown, path: string[], parents: object[]): unknown {
  // Nothing that stands alone needs a place, unless it is refused.
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  path.push(key)
  const wire = toWire(value, path, parents)
  path.pop()
  return wire
}

/** JSON would make `{}` of these, or leave them out, and the client would take that for the answer. */
function noData(path: readonly string[], value: unknown): NotWireError {
  const kind = kindOf(value)
  const article = /^[AEIOU]/i.test(kind) ? 'an' : 'a'
  return new NotWireError(path, `It is ${article} ${kind}, which JSON cannot carry.`)
}

/** What a value is by its own account: `Object`, `Error`, `Response`, `Promise`. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

const PLAIN = { enumerable: true, writable: true, configurable: true }
