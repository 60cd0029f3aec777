/** @module What can go wrong with caches and their stores. */
import { shortKey } from '../application/cache-stores/short-key.ts'
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'

export class CacheConfigMissingError extends LimberError {
  readonly code = 'LIMBER_CACHE_CONFIG_MISSING'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('There is no config/cache.ts, so nothing says where the cache is kept.', {
      hint: 'Write one: export default defineCache({ stores: { main: memoryStore() } }).',
    })
  }
}

export class StoreNotFoundError extends LimberError {
  readonly code = 'LIMBER_STORE_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, known: readonly string[], near: string | undefined) {
    super(`There is no store "${name}" in config/cache.ts; there is ${known.join(', ')}.`, {
      hint: near === undefined ? 'Add it to "stores" in config/cache.ts.' : `Did you mean "${near}"?`,
    })
  }
}

export class InvalidCacheConfigError extends LimberError {
  readonly code = 'LIMBER_INVALID_CACHE_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  /** @param faults each with the path of its option: `default` */
  constructor(faults: readonly Fault[]) {
    super(`config/cache.ts has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, {
      faults,
      hint: 'Correct the values; docs/cache.md lists every option.',
    })
  }
}

export class CacheValueError extends LimberError {
  readonly code = 'LIMBER_CACHE_VALUE'
  readonly kind: ErrorKind = 'internal'

  /** @param place where in the value: `value.books[3]` */
  constructor(key: string, place: string, reason: string, cause?: unknown) {
    super(`The value for the key "${shortKey(key)}" cannot be kept as JSON: ${place}: ${reason}.`, {
      hint: 'Keep plain values: objects, lists, texts, numbers, true, false, null.',
      cause,
    })
  }
}

export class CacheOptionError extends LimberError {
  readonly code = 'LIMBER_CACHE_OPTION'
  readonly kind: ErrorKind = 'internal'

  /** @param expected what it has to be, as a sentence goes on: `a number of milliseconds above zero` */
  constructor(key: string, option: string, value: unknown, expected: string) {
    super(`"${option}" for the key "${shortKey(key)}" is ${String(value)}; it has to be ${expected}.`, {
      hint: `Correct "${option}", or leave it out.`,
    })
  }
}

export class CacheContentionError extends LimberError {
  readonly code = 'LIMBER_CACHE_CONTENTION'
  readonly kind: ErrorKind = 'unavailable'

  constructor(key: string, attempts: number) {
    super(`The key "${shortKey(key)}" was changed by others in each of ${attempts} attempts to change it.`, {
      hint: 'Try again, or spread what is written so often over several keys.',
    })
  }
}

export class StaleLockError extends LimberError {
  readonly code = 'LIMBER_STALE_LOCK'
  readonly kind: ErrorKind = 'conflict'

  constructor(key: string, fence: number, highest: number) {
    super(
      `The key "${shortKey(key)}" has been written with the fence ${highest}, and a write with ${fence} comes too late: the lock has gone on to another.`,
      { hint: 'Begin anew with the lock in hand.' },
    )
  }
}

export class CacheCircleError extends LimberError {
  readonly code = 'LIMBER_CACHE_CIRCLE'
  readonly kind: ErrorKind = 'internal'

  constructor(key: string) {
    super(
      `The value for the key "${shortKey(key)}" waits for itself: its factory asks for the same key, or for one that waits for it.`,
      {
        hint: 'Compute it in the factory, or ask for another key there.',
      },
    )
  }
}
