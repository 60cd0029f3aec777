/** @module Deletes by condition: trashes the live rows with one update, and what follows them. */
import type { DeleteOptions, EntityMetadata, FilterQuery, Transaction } from '@mikro-orm/core'
import { Utils } from '@mikro-orm/core'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { cascadeTrash, type TrashingSession } from './cascade.ts'
import { DELETED_AT } from './deleted-at.ts'
import { operationStamp, stampChange } from './trash.ts'
import { mirrorTrashed } from './trash-memory.ts'

interface DeletingSession extends TrashingSession {
  atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T>
}

/** @returns how many rows of this model were trashed, without those that followed */
export function trashAll<T extends object>(
  session: DeletingSession,
  meta: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
  options: DeleteOptions<T> = {},
): Promise<number> {
  return session.atomically(async (ctx, journal) => {
    const stamp = operationStamp()
    // Whatever filters the caller switches off: the first stamp wins.
    const live = { $and: [asCondition(meta, where), { [DELETED_AT]: null }] } as FilterQuery<NoInfer<T>>
    const count = await session.nativeUpdate<T>(meta.class, live, stampChange<T>(stamp), { ...options, ctx })
    if (count === 0) return count
    const schema = options.schema ?? meta.root.schema
    const own = { ctx, ...(schema ? { schema } : {}) }
    await mirrorTrashed(session, journal, meta, stamp, own)
    await cascadeTrash(session, meta, stamp, { ...own, journal })
    return count
  })
}

function asCondition<T extends object>(
  { primaryKeys, compositePK }: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
) {
  return Utils.isPrimaryKey(where, compositePK) ? { [Utils.getPrimaryKeyHash(primaryKeys)]: where } : where
}
