/** @module What the stores of the cache refuse. */
import { shortKey } from '../../application/cache-stores/short-key.ts'
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class CacheValueTooLargeError extends LimberError {
  readonly code = 'LIMBER_CACHE_VALUE_TOO_LARGE'
  readonly kind: ErrorKind = 'internal'

  constructor(key: string, size: number, max: number) {
    super(
      `What was to be kept under the key "${shortKey(key)}" takes ${size} bytes; its store takes ${max}.`,
      {
        hint: 'Keep less under one key, or use a store that takes more.',
      },
    )
  }
}
