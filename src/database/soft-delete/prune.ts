/** @module Deletes for good what has been in the trash for long: in batches, each whole, children before their parents. */
import type { DriverMethodOptions, EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { LockMode, raw } from '@mikro-orm/core'
import { dialectOf } from '../connections/dialect-of.ts'
import { asOwnRead } from '../insight/own-reads.ts'
import type { AtomicSession } from './bulk-delete.ts'
import { DELETED_AT } from './deleted-at.ts'
import { BatchSizeError } from './errors.ts'
import { isAmong, type KeyRow, queryColumns, refersTo } from './key-rows.ts'
import { type Follower, referrersOf } from './followers.ts'

export interface PruneOptions {
  /** How many rows are deleted at a time, each time in a transaction of its own outside of a scope; default: 1,000. */
  readonly batch?: number
  /** Only counts. Rows that something still refers to count as well. */
  readonly dryRun?: boolean
  /** Told after each batch how many rows it has deleted. */
  readonly onBatch?: (count: number) => void
}

const BATCH = 1_000

/**
 * Rows that a live row, one that is newer in the trash or one of a hard model refers to stay until that is gone, unless the
 * foreign key says that it becomes null.
 *
 * @returns how many rows of this model were deleted, without the children that had to go before
 */
export async function pruneTrash(
  session: AtomicSession,
  { root }: EntityMetadata,
  before: Date,
  { batch = BATCH, dryRun = false, onBatch }: PruneOptions,
): Promise<number> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new BatchSizeError(batch)
  if (dryRun) {
    const old = { [DELETED_AT]: { $lt: before } } as FilterQuery<object>
    return session.count(root.class, old, { onlyTrashed: true })
  }
  let total = 0
  for (;;) {
    // What was left because of a row that has gone since can go in another round.
    const { count, left } = await round(session, root, before, batch, onBatch)
    total += count
    if (count === 0 || left === 0) return total
  }
}

async function round(
  session: AtomicSession,
  meta: EntityMetadata,
  before: Date,
  batch: number,
  onBatch: PruneOptions['onBatch'],
): Promise<{ count: number; left: number }> {
  let last: KeyRow | undefined
  let [count, left] = [0, 0]
  for (;;) {
    const { keys, deleted } = await session.atomically((ctx) =>
      asOwnRead(() => new Pruning(session, before, { ctx }).batch(meta, batch, last)),
    )
    count += deleted
    left += keys.length - deleted
    if (deleted > 0) onBatch?.(deleted)
    last = keys.at(-1)
    if (keys.length < batch || !last) return { count, left }
  }
}

class Pruning {
  readonly #session: AtomicSession
  readonly #before: Date
  readonly #options: DriverMethodOptions

  constructor(session: AtomicSession, before: Date, options: DriverMethodOptions) {
    this.#session = session
    this.#before = before
    this.#options = options
  }

  /** Deletes one batch of the rows whose keys come after that of another. */
  async batch(
    meta: EntityMetadata,
    size: number,
    after: KeyRow | undefined,
  ): Promise<{ keys: KeyRow[]; deleted: number }> {
    const columns = keyColumns(meta)
    const greater = after ? isAmong(this.#session, columns, [columns.map((each) => after[each])], '>') : {}
    const keys = await this.#lock(meta, { ...greater, ...this.#old }, size)
    return { keys, deleted: await this.#delete(meta, keys) }
  }

  /** Deletes rows that nothing refers to, after those that may be deleted before them. */
  async #delete(meta: EntityMetadata, rows: readonly KeyRow[], seen = new Set<string>()): Promise<number> {
    const fresh = rows.filter((row) => seen.size < seen.add(hash(meta, row)).size)
    if (fresh.length === 0) return 0
    const referrers = referrersOf(this.#session, meta)
    for (const referrer of referrers.filter(({ meta: child }) => child.properties[DELETED_AT])) {
      const children = await this.#lock(referrer.meta, { $and: [refersTo(this.#session, referrer, fresh), this.#old] })
      await this.#delete(referrer.meta, children, seen)
    }
    const free = await this.#unreferred(meta, referrers, fresh)
    if (free.length === 0) return 0
    const where = { ...this.#named(meta, free), ...this.#old } as FilterQuery<object>
    const result = await this.#session.getDriver().nativeDelete(meta.class, where as never, this.#options)
    return result.affectedRows
  }

  async #unreferred(
    meta: EntityMetadata,
    referrers: readonly Follower[],
    rows: readonly KeyRow[],
  ): Promise<readonly KeyRow[]> {
    let free = rows
    for (const referrer of referrers) {
      const { joinColumns, referencedColumnNames } = referrer.property
      if (free.length === 0) break
      const where = refersTo(this.#session, referrer, free)
      const found = await queryColumns(this.#session, referrer.meta, joinColumns, where, this.#options).execute<KeyRow[]>('all', false)
      const spell = (row: KeyRow, columns: readonly string[]) => JSON.stringify(columns.map((each) => String(row[each])))
      const referred = new Set(found.map((row) => spell(row, joinColumns)))
      free = free.filter((row) => !referred.has(spell(row, referencedColumnNames)))
    }
    return free
  }

  /** Reads keys in their order; where others may be at it, locks their rows, and leaves alone what they have locked. */
  #lock(meta: EntityMetadata, where: object, limit?: number): Promise<KeyRow[]> {
    const columns = new Set([
      ...keyColumns(meta),
      ...referrersOf(this.#session, meta).flatMap(({ property }) => property.referencedColumnNames),
    ])
    const query = queryColumns(this.#session, meta, columns, where, this.#options)
    query.orderBy(Object.fromEntries(meta.primaryKeys.map((name) => [name, 'asc'])) as never)
    if (limit !== undefined) query.limit(limit)
    if (dialectOf(this.#session.config) !== 'sqlite') query.setLockMode(LockMode.PESSIMISTIC_PARTIAL_WRITE)
    return query.execute<KeyRow[]>('all', false)
  }

  #named(meta: EntityMetadata, rows: readonly KeyRow[]): object {
    const columns = keyColumns(meta)
    return isAmong(this.#session, columns, rows.map((row) => columns.map((each) => row[each])))
  }

  get #old(): object {
    return { [DELETED_AT]: { $lt: this.#before } }
  }
}

function keyColumns(meta: EntityMetadata): string[] {
  return meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames)
}

function hash(meta: EntityMetadata, row: KeyRow): string {
  return JSON.stringify([meta.uniqueName, ...keyColumns(meta).map((column) => String(row[column]))])
}
