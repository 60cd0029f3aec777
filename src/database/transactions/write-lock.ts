/** @module Who holds locks in which database, and the refusal of waits that nobody could end. */
import type { Transaction } from '@mikro-orm/core'
import { currentScope } from '../../container/resolution-frame.ts'
import { OwnLockError } from '../errors.ts'
import { WriterBusyError } from './transaction-errors.ts'
import { transactionFrames } from './transaction-frame.ts'

/** How long a write waits for other units of work on a connection that has room for one, in milliseconds. */
export const WRITER_TIMEOUT = 30_000

/** The configuration of a connection is what all of its sessions share. */
type Key = object

/** A scope, or a function that was given a transaction: whatever runs in it is in the way of itself. */
type Owner = object

export interface WriterOptions {
  /** Where it is: connections of two names may lead to the same place. */
  readonly place: string
  /** Whether there is room for one writer at a time. */
  readonly hasOneWriter: boolean
  /** Whether reads have to wait for it as well. */
  readonly readsWait: boolean
}

interface Writers extends WriterOptions {
  /** What those who hold it are called. */
  readonly titles: Set<{ readonly title: string }>
}

interface Holding {
  readonly place: string
  readonly transaction: Transaction
}

const connections = new WeakMap<Key, Writers>()
const holdings = new WeakMap<Owner, Set<Holding>>()

/** Watches the writers of a connection. */
export function watchWriters(key: Key, options: WriterOptions): void {
  connections.set(key, { titles: new Set(), ...options })
}

/**
 * Notes that a transaction may hold locks from now on.
 *
 * @param owner undefined where nothing tells which code belongs to it
 * @returns a function that notes its end
 */
export function holdWriter(
  key: Key,
  owner: Owner | undefined,
  title: string,
  transaction: Transaction,
): () => void {
  const writers = connections.get(key)
  if (!writers) return () => undefined
  const held = { title }
  writers.titles.add(held)
  const holding: Holding = { place: writers.place, transaction }
  const all = (owner && holdings.get(owner)) ?? new Set<Holding>()
  all.add(holding)
  if (owner) holdings.set(owner, all)
  return () => {
    writers.titles.delete(held)
    all.delete(holding)
  }
}

/** @throws {OwnLockError} when a read would wait for the end of a unit of work around this code */
export function refuseOwnReadLock(key: Key): void {
  if (connections.get(key)?.readsWait) refuseOwnLock(key)
}

/** @throws {OwnLockError} when a unit of work around this code holds the only connection that writes */
export function refuseOwnLock(key: Key): void {
  if (connections.get(key)?.hasOneWriter && transactionsOf(key, ownersAround()).length > 0)
    throw new OwnLockError()
}

/** What this code runs in: its scope, the scopes around that, and the functions that were given a transaction. */
export function ownersAround(): Owner[] {
  const owners: Owner[] = []
  for (let scope = currentScope(); scope; scope = scope.outer) owners.push(scope)
  return [...owners, ...transactionFrames()]
}

/** The transactions of these owners that are open in the database of a connection. */
export function transactionsOf(key: Key, owners: readonly Owner[]): Transaction[] {
  const place = connections.get(key)?.place
  return owners
    .flatMap((owner) => [...(holdings.get(owner) ?? [])])
    .filter((holding) => holding.place === place)
    .map(({ transaction }) => transaction)
}

/** Whether somebody holds the only connection that writes. */
export function isWriterBusy(key: Key): boolean {
  const { hasOneWriter, titles } = connections.get(key) ?? {}
  return hasOneWriter === true && titles !== undefined && titles.size > 0
}

/**
 * Waits for the one connection that writes, but not for ever: the unit of work that holds it may itself wait for this
 * one by a way that nobody sees, such as a request to its own server.
 *
 * @param limit in milliseconds
 * @param giveBack ends what arrives too late
 * @throws {WriterBusyError} which names who holds it
 */
export async function waitForWriter<T>(
  key: Key,
  opening: Promise<T>,
  limit: number,
  giveBack: (late: T) => Promise<void>,
): Promise<T> {
  if (!isWriterBusy(key)) return opening
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    // A failure on the way back leaves nothing to undo, and nobody waits for it any more.
    opening.then(giveBack).catch(() => undefined)
    const titles = [...(connections.get(key)?.titles ?? [])].map(({ title }) => title)
    reject(new WriterBusyError(limit, titles))
  }, limit)
  try {
    return await Promise.race([opening, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
