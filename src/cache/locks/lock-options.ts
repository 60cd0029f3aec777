/** @module How long a lock is held, and how long one waits for it. */
import { isTimeSpan, TIME_SPAN } from '../../support/time-span.ts'
import { InvalidLockError } from './errors.ts'

export interface LockOptions {
  /** For how long it is held unless it is extended, in milliseconds: when its holder dies, others wait as long. Default: 30,000. */
  readonly ttl?: number
}

export interface AcquireOptions extends LockOptions {
  /** How long to wait for it, in milliseconds; default: 10,000. */
  readonly wait?: number
  /** Ends the waiting, which then rejects with its reason. */
  readonly signal?: AbortSignal
}

export interface RunOptions extends AcquireOptions {
  /** Whether it is extended as long as the function runs; default false. */
  readonly renew?: boolean
}

/** @throws {InvalidLockError} */
export function checkName(name: string): void {
  if (typeof name !== 'string' || name === '')
    throw new InvalidLockError('name', name, 'a text that is not empty')
}

/** @throws {InvalidLockError} */
export function checkTtl(ttl: number): void {
  if (!isTimeSpan(ttl)) throw new InvalidLockError('ttl', ttl, TIME_SPAN)
}

/** @throws {InvalidLockError} */
export function checkWait(wait: number): void {
  if (!Number.isSafeInteger(wait) || wait < 0)
    throw new InvalidLockError('wait', wait, 'a whole number of milliseconds')
}
