/** @module What can go wrong with caches and their stores. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'

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
    super(
      name === ''
        ? `config/cache.ts has ${known.length} stores and does not say which is the default.`
        : `There is no store "${name}" in config/cache.ts; there is ${known.join(', ')}.`,
      {
        hint:
          name === ''
            ? `Add one of them: default: '${known[0]}'.`
            : near === undefined
              ? undefined
              : `Did you mean "${near}"?`,
      },
    )
  }
}
