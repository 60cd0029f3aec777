/** @module Which lock modes keep a row locked until the transaction ends. */
import { LockMode } from '@mikro-orm/core'

export function isLock(mode: unknown): boolean {
  return mode !== undefined && mode !== null && mode !== LockMode.NONE && mode !== LockMode.OPTIMISTIC
}

/** Whether a read is to lock what it finds; the options of some reads have a lock mode. */
export function locksRow(options: object): boolean {
  return isLock(Reflect.get(options, 'lockMode'))
}
