/** @module Who holds locks on a connection, and the refusal of waits that nobody could end. */
import type { Transaction } from '@mikro-orm/core'
import { currentScope } from '../../container/resolution-frame.ts'
import { OwnLockError } from '../errors.ts'
import { WriterBusyError } from './transaction-errors.ts'
import { transactionFrames } from './transaction-frame.ts'

/** The configuration of a connection is what all of its sessions share. */
type Key = object

interface Holder {
  readonly title: string
  readonly transaction: Transaction
}

interface Writers {
  /** By the scope, or the transaction of a session that belongs to no scope. */
  readonly holding: Map<object, Holder>
  readonly hasOneWriter: boolean
  readonly readsWait: boolean
}

const connections = new WeakMap<Key, Writers>()

export interface WriterOptions {
  /** Whether there is room for one at a time. */
  readonly hasOneWriter: boolean
  /** Whether reads have to wait for it as well. */
  readonly readsWait: boolean
}

/** Watches the writers of a connection. */
export function watchWriters(key: Key, options: WriterOptions): void {
  connections.set(key, { holding: new Map(), ...options })
}

/** @throws {OwnLockError} when a read would wait for the end of a scope or a transaction that is open here */
export function refuseOwnReadLock(key: Key): void {
  if (connections.get(key)?.readsWait) refuseOwnLock(key)
}

export function holdWriter(key: Key, holder: object, title: string, transaction: Transaction): void {
  connections.get(key)?.holding.set(holder, { title, transaction })
}

export function releaseWriter(key: Key, holder: object): void {
  connections.get(key)?.holding.delete(holder)
}

/** @throws {OwnLockError} when a scope or a transaction that is open here holds the only connection that writes */
export function refuseOwnLock(key: Key): void {
  if (connections.get(key)?.hasOneWriter && transactionsAround(key).length > 0) throw new OwnLockError()
}

/** The transactions that are open around this code: of its scope, of the scopes around that, and of sessions without one. */
export function transactionsAround(key: Key): Transaction[] {
  const holding = connections.get(key)?.holding
  if (!holding?.size) return []
  const around: Transaction[] = []
  const add = (holder: object) => {
    const found = holding.get(holder)
    if (found) around.push(found.transaction)
  }
  for (let scope = currentScope(); scope; scope = scope.outer) add(scope)
  for (const frame of transactionFrames()) add(frame)
  return around
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
  const { hasOneWriter, holding } = connections.get(key) ?? {}
  if (!(hasOneWriter && holding?.size)) return opening
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    // A failure on the way back leaves nothing to undo, and nobody waits for it any more.
    opening.then(giveBack).catch(() => undefined)
    reject(
      new WriterBusyError(
        limit,
        [...holding.values()].map(({ title }) => title),
      ),
    )
  }, limit)
  try {
    return await Promise.race([opening, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
