/** @module Who holds the one connection that writes: whoever waits for it inside the same unit of work waits for ever. */
import { currentScope } from '../../container/resolution-frame.ts'
import { OwnLockError } from '../errors.ts'
import { WriterBusyError } from './transaction-errors.ts'
import { transactionFrames } from './transaction-frame.ts'

/** The configuration of a connection is what all of its sessions share. */
type Key = object

/** A scope, or a transaction of a session that belongs to no scope; and what it is called. */
type Holders = Map<object, string>

const holders = new WeakMap<Key, Holders>()
const readersWait = new WeakSet<Key>()

/** Watches the writers of a connection that has room for one, and on which reads may have to wait as well. */
export function watchWriters(key: Key, { readsWait = false } = {}): void {
  holders.set(key, new Map())
  if (readsWait) readersWait.add(key)
}

/** @throws {OwnLockError} when a read would wait for the end of a scope or a transaction that is open here */
export function refuseOwnReadLock(key: Key): void {
  if (readersWait.has(key)) refuseOwnLock(key)
}

export function holdWriter(key: Key, holder: object, title: string): void {
  holders.get(key)?.set(holder, title)
}

export function releaseWriter(key: Key, holder: object): void {
  holders.get(key)?.delete(holder)
}

/** @throws {OwnLockError} when a scope or a transaction that is open here holds the connection */
export function refuseOwnLock(key: Key): void {
  const holding = holders.get(key)
  if (!holding?.size) return
  for (let scope = currentScope(); scope; scope = scope.outer)
    if (holding.has(scope)) throw new OwnLockError()
  for (const frame of transactionFrames()) if (holding.has(frame)) throw new OwnLockError()
}

/**
 * Waits for the one connection that writes, but not for ever: the unit of work that holds it may itself wait for this
 * one by a way that nobody sees, such as a request to its own server.
 *
 * @param giveBack ends what arrives too late
 * @throws {WriterBusyError} which names who holds it
 */
export async function waitForWriter<T>(
  key: Key,
  opening: Promise<T>,
  limit: number,
  giveBack: (late: T) => Promise<void>,
): Promise<T> {
  const holding = holders.get(key)
  if (!holding?.size) return opening
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    // A failure on the way back leaves nothing to undo, and nobody waits for it any more.
    opening.then(giveBack).catch(() => undefined)
    reject(new WriterBusyError(limit, [...holding.values()]))
  }, limit)
  try {
    return await Promise.race([opening, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
