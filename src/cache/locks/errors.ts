/** @module What can go wrong with locks. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class InvalidLockError extends LimberError {
  readonly code = 'LIMBER_INVALID_LOCK'
  readonly kind: ErrorKind = 'internal'

  /** @param option what is wrong: `ttl` */
  constructor(option: string, value: unknown, expected: string) {
    super(
      `A lock cannot have ${typeof value === 'string' ? `"${value}"` : String(value)} as its ${option}.`,
      {
        hint: `Give ${expected}.`,
      },
    )
  }
}

export class LockTimeoutError extends LimberError {
  readonly code = 'LIMBER_LOCK_TIMEOUT'
  /** Nothing is broken: somebody else is at it, as with any other conflict. */
  readonly kind: ErrorKind = 'conflict'
  /** The name of the lock. */
  readonly lock: string

  /** @param wait in milliseconds */
  constructor(lock: string, wait: number) {
    super(`The lock "${lock}" was held by somebody else for ${wait} ms.`, {
      hint: 'Try again later, or wait longer: { wait: 60_000 }.',
      publicMessage: 'Somebody else is doing the same. Try again later.',
    })
    this.lock = lock
  }
}

export class LockLostError extends LimberError {
  readonly code = 'LIMBER_LOCK_LOST'
  readonly kind: ErrorKind = 'conflict'
  /** The name of the lock. */
  readonly lock: string

  constructor(lock: string) {
    super(`The lock "${lock}" is not held any more: its time was over, or it was given back.`, {
      hint: 'Give it a longer ttl, or let run() renew it: { renew: true }.',
      publicMessage: 'This took too long, and somebody else may be doing the same by now. Try again later.',
    })
    this.lock = lock
  }
}
