/** @module What can go wrong with a cache in a database. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class NamespaceTooLongError extends LimberError {
  readonly code = 'LIMBER_NAMESPACE_TOO_LONG'
  readonly kind: ErrorKind = 'internal'

  constructor(bytes: number, most: number) {
    super(
      `A namespace of ${bytes} bytes, with the prefix of the application, cannot be cleared; ${most} can.`,
      {
        hint: 'Give the namespace, or prefix in config/cache.ts, a shorter name.',
      },
    )
  }
}
