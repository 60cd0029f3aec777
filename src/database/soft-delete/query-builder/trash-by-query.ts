/** @module Runs a statement that trashes by condition: entities in memory show it, and what follows the rows goes with them. */
import type { EntityMetadata, QueryResult, Transaction } from '@mikro-orm/core'
import { translateErrors } from '../../connections/translate-errors.ts'
import type { AtomicSession } from '../bulk-delete.ts'
import { cascadeTrash } from '../cascade.ts'
import { freeStamp } from '../free-stamp.ts'
import { mirrorTrashed } from '../trash-memory.ts'

/**
 * @param rows the condition that is met by the rows that the statement is about, made anew for each statement
 * @param run runs the statement in a transaction, with the stamp of this run
 * @returns what the statement gives, which tells nothing of the rows that followed
 */
export function trashByQuery<T>(
  session: AtomicSession,
  meta: EntityMetadata,
  schema: string | undefined,
  rows: () => object,
  run: (stamp: Date, ctx: Transaction) => Promise<T>,
): Promise<T> {
  return session.atomically(async (ctx, journal) => {
    const where = schema ?? meta.root.schema
    const own = { ctx, ...(where ? { schema: where } : {}) }
    const stamp = await freeStamp(session, [{ meta, where: rows }], own)
    const result = await translateErrors(session, run(stamp, ctx))
    if (!hasTrashed(result)) return result
    await mirrorTrashed(session, journal, meta, stamp, own)
    await cascadeTrash(session, meta, stamp, { ...own, journal })
    return result
  })
}

/** Where the caller has asked for rows instead of numbers, there may be rows that it did not ask for. */
function hasTrashed(result: unknown): boolean {
  const isCounted = typeof result === 'object' && result !== null && 'affectedRows' in result
  // The driver gives it as a number.
  return !isCounted || (result as QueryResult).affectedRows > 0
}
