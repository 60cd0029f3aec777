/** @module What the stores of the cache refuse. */
import { shortKey } from '../../application/cache-stores/short-key.ts'
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { messageOf } from '../../support/message-of.ts'

export class CacheValueTooLargeError extends LimberError {
  readonly code = 'LIMBER_CACHE_VALUE_TOO_LARGE'
  readonly kind: ErrorKind = 'internal'

  /** @param max undefined where the server does not tell */
  constructor(key: string, size: number, max: number | undefined) {
    super(
      `What was to be kept under the key "${shortKey(key)}" takes ${size} bytes; its store takes ${max ?? 'less'}.`,
      {
        hint: 'Keep less under one key, or use a store that takes more.',
      },
    )
  }
}

export class CacheFileDamagedError extends LimberError {
  readonly code = 'LIMBER_CACHE_FILE_DAMAGED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(name: string, file: string, cause: unknown) {
    super(
      `The file "${file}" of the store "${name}" is damaged, or is no file of a cache: ${messageOf(cause)}`,
      {
        hint: `Delete it together with the files beside it: rm "${file}"*. What it kept is lost.`,
        publicMessage: 'A part of this service is not available.',
        cause,
      },
    )
  }
}

export class StoreUrlError extends LimberError {
  readonly code = 'LIMBER_STORE_URL'
  readonly kind: ErrorKind = 'internal'

  constructor(url: string, reason: string) {
    super(`The URL "${maskSecrets(url)}" of a store of the cache cannot be used: ${reason}`, {
      hint: 'Write memory:, file:storage/cache, redis://host:6379, rediss://host:6379 or memcached://host:11211.',
    })
  }
}
