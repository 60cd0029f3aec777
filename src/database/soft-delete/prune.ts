/** @module Deletes for good what has been in the trash for long: batch by batch, each whole. */
import type { EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { asOwnRead } from '../insight/own-reads.ts'
import type { AtomicSession } from './bulk-delete.ts'
import { DELETED_AT } from './deleted-at.ts'
import type { KeyRow } from './key-rows.ts'
import { PruneBatch } from './prune-batch.ts'
import { BatchSizeError, PruneDateError } from './prune-errors.ts'

export interface PruneOptions {
  /** How many rows are deleted at a time, outside of a scope each time in a transaction of its own; default: 1,000. */
  readonly batch?: number
  /** Only counts, also the rows that would stay because something refers to them. */
  readonly dryRun?: boolean
  /** Told after each batch how many rows it has deleted. */
  readonly onBatch?: (count: number) => void
}

const BATCH = 1_000

/** @returns how many rows of this model were deleted, without the children that had to go before them */
export async function pruneTrash(
  session: AtomicSession,
  { root }: EntityMetadata,
  before: Date,
  { batch = BATCH, dryRun = false, onBatch }: PruneOptions,
): Promise<number> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new BatchSizeError(batch)
  if (!isComparable(before)) throw new PruneDateError(before)
  if (dryRun) {
    // Every soft-deleted model has the column; the type of the model may not declare it.
    const old = { [DELETED_AT]: { $lt: before } } as FilterQuery<object>
    return session.count(root.class, old, { onlyTrashed: true })
  }
  let total = 0
  for (;;) {
    const { count, left } = await round(session, root, before, batch, onBatch)
    total += count
    // What was left because of a row that has gone since can go in another round.
    if (count === 0 || left === 0) return total
  }
}

/** Of other dates each database says something else, or nothing. */
function isComparable(before: unknown): boolean {
  const year = before instanceof Date ? before.getUTCFullYear() : Number.NaN
  return year >= 1 && year <= 9999
}

async function round(
  session: AtomicSession,
  meta: EntityMetadata,
  before: Date,
  size: number,
  onBatch: PruneOptions['onBatch'],
): Promise<{ count: number; left: number }> {
  let last: KeyRow | undefined
  let [count, left] = [0, 0]
  for (;;) {
    const done = await session.atomically((ctx) =>
      asOwnRead(() => new PruneBatch(session, before, { ctx }).run(meta, size, last)),
    )
    count += done.count
    left += done.left
    last = done.last
    if (done.count > 0) onBatch?.(done.count)
    if (!last) return { count, left }
  }
}
