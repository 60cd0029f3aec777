/** @module What every store of the cache can answer, wherever it keeps things. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { messageOf } from '../../support/message-of.ts'
import { shortKey } from './short-key.ts'

export class NotACountError extends LimberError {
  readonly code = 'LIMBER_NOT_A_COUNT'
  readonly kind: ErrorKind = 'internal'

  constructor(key: string) {
    super(
      `Under the key "${shortKey(key)}" something else than a count is kept, so nothing can be added to it.`,
      {
        hint: 'Count under a key of its own.',
      },
    )
  }
}

export class CountOutOfRangeError extends LimberError {
  readonly code = 'LIMBER_COUNT_OUT_OF_RANGE'
  readonly kind: ErrorKind = 'internal'

  constructor(key: string, by: number) {
    super(
      `Adding ${by} to the count under the key "${shortKey(key)}" does not give a whole number between -(2^53 - 1) and 2^53 - 1.`,
      { hint: 'Count in whole numbers, and begin anew before they end.' },
    )
  }
}

export class LifetimeInvalidError extends LimberError {
  readonly code = 'LIMBER_LIFETIME_INVALID'
  readonly kind: ErrorKind = 'internal'

  constructor(key: string, lifetime: unknown) {
    super(
      `The key "${shortKey(key)}" was to be kept for ${String(lifetime)}, which is not a number of milliseconds.`,
      {
        hint: 'Give a number of milliseconds, or undefined for ever.',
      },
    )
  }
}

export class CacheNamespaceError extends LimberError {
  readonly code = 'LIMBER_CACHE_NAMESPACE'
  readonly kind: ErrorKind = 'internal'

  constructor(namespace: string) {
    super(
      `"${shortKey(namespace)}" cannot be cleared: a namespace has no colon, it ends where the first one is.`,
      {
        hint: 'Give the part of the keys before their first colon.',
      },
    )
  }
}

export class StoreClosedError extends LimberError {
  readonly code = 'LIMBER_STORE_CLOSED'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string) {
    super(`The store "${name}" is closed.`, {
      hint: 'Use it before the application stops, and await what uses it.',
    })
  }
}

export class CacheUnavailableError extends LimberError {
  readonly code = 'LIMBER_CACHE_UNAVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  /** @param place where the store keeps things; passwords are masked */
  constructor(
    name: string,
    place: string,
    cause: unknown,
    hint = 'Start it, or correct its address in config/cache.ts.',
  ) {
    super(`The store "${name}" at ${maskSecrets(place)} cannot be used: ${maskSecrets(messageOf(cause))}`, {
      hint,
      publicMessage: 'A part of this service is not available.',
      cause,
    })
  }
}
