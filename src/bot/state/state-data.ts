/** @module What can be kept with a state: data that comes back from JSON as it went in. */
import type { StateData } from './chat-state.ts'
import { StateDataError } from './errors.ts'

/** In bytes of JSON. */
const LARGEST = 64 * 1024

/** Deeper than anybody writes, and less than a call stack. */
const DEEPEST = 64

const PLAIN = 'Keep texts, finite numbers, booleans, null, arrays and plain objects of them.'
const SMALLER = 'Keep its id here, and the rest in a model.'

/** Gives a copy, as JSON carries it. @throws {StateDataError} that names the place */
export function stateData(state: string, data: StateData): StateData {
  if (!isPlain(data)) throw new StateDataError(state, 'data', nameOf(data), 'Give a plain object.')
  new DataCheck(state).object(data, 'data', [])
  const text = JSON.stringify(data)
  const size = Buffer.byteLength(text)
  if (size > LARGEST) throw tooLarge(state, `${size} bytes`)
  // A plain object was written just now.
  return JSON.parse(text) as StateData
}

function tooLarge(state: string, size: string): StateDataError {
  return new StateDataError(state, 'data', `larger than ${LARGEST} bytes: ${size}`, SMALLER)
}

class DataCheck {
  readonly #state: string
  #seen = 0

  constructor(state: string) {
    this.#state = state
  }

  object(value: object, place: string, around: readonly object[]): void {
    if (around.includes(value)) throw this.#fault(place, 'a circle', PLAIN)
    if (around.length === DEEPEST) throw this.#fault(place, `more than ${DEEPEST} levels deep`, SMALLER)
    const inside = [...around, value]
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#value(item, `${place}[${index}]`, inside)
      return
    }
    // What is undefined is left out, and undefined when it is read again.
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) this.#value(item, memberOf(place, key), inside)
    }
  }

  #value(value: unknown, place: string, around: readonly object[]): void {
    // Each takes two letters: one object that is found in many places is not walked for ever.
    if (++this.#seen > LARGEST / 2) throw tooLarge(this.#state, `more than ${LARGEST / 2} values`)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return
    if (typeof value === 'number' && Number.isFinite(value)) return
    if (Array.isArray(value) || isPlain(value)) this.object(value, place, around)
    else throw this.#fault(place, nameOf(value), PLAIN)
  }

  #fault(place: string, found: string, hint: string): StateDataError {
    return new StateDataError(this.#state, place, found, hint)
  }
}

function memberOf(place: string, key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name || 'class instance'}`
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value)
}
