/** @module Deletes by condition: trashes the live rows with one update, and what follows them. */
import type { DeleteOptions, EntityMetadata, FilterQuery, FindOptions, Transaction } from '@mikro-orm/core'
import { FlushMode, helper, Utils } from '@mikro-orm/core'
import { asOwnRead } from '../insight/own-reads.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { cascadeTrash, type TrashingSession } from './cascade.ts'
import { DELETED_AT } from './deleted-at.ts'
import { hasKey } from './entity-rows.ts'
import { followersOf, leadersOf } from './followers.ts'
import { freeStamp } from './free-stamp.ts'
import { MOST_KEYS } from './key-rows.ts'
import { operationStamp, stampChange } from './trash.ts'
import { mirrorTrashed } from './trash-memory.ts'

/** A session that runs statements of which all take effect or none. */
export interface AtomicSession extends TrashingSession {
  writing<T>(statement: () => Promise<T>): Promise<T>
  atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T>
}

/** @returns how many rows of this model were trashed, without those that followed */
export function trashAll<T extends object>(
  session: AtomicSession,
  meta: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
  options: DeleteOptions<T> = {},
): Promise<number> {
  return session.atomically(async (ctx, journal) => {
    const schema = options.schema ?? meta.root.schema
    const own = { ctx, ...(schema ? { schema } : {}) }
    const live = (): FilterQuery<NoInfer<T>> =>
      // Whatever filters the caller switches off, the first stamp wins; every soft-deleted model has the column.
      ({ $and: [asCondition(meta, where), { [DELETED_AT]: null }] }) as FilterQuery<NoInfer<T>>
    const keys = await namedKeys(session, meta, live(), { ...options, ctx })
    if (keys?.length === 0) return 0
    const rows = keys && hasKey(meta.root, keys)
    const stamp = rows ? await freeStamp(session, [{ meta, where: () => rows }], own) : operationStamp()
    const count = await session.nativeUpdate<T>(meta.class, live(), stampChange<T>(stamp), {
      ...options,
      ctx,
    })
    if (count === 0) return count
    await mirrorTrashed(session, journal, meta, stamp, own)
    // Others may have added rows since their keys were read: then the stamp alone tells them all.
    const narrow = rows && count === keys.length ? { where: rows } : {}
    await cascadeTrash(session, meta, stamp, { ...own, ...narrow, journal })
    return count
  })
}

/** The keys of the rows, where it matters which they are; undefined when it does not, or when there are too many. */
async function namedKeys<T extends object>(
  session: AtomicSession,
  meta: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
  options: DeleteOptions<T> & { ctx: Transaction },
): Promise<unknown[] | undefined> {
  if (followersOf(session, meta).length + leadersOf(session, meta).length === 0) return undefined
  const { primaryKeys } = meta.root
  const reading = {
    ...options,
    fields: [...primaryKeys],
    limit: MOST_KEYS + 1,
    disableIdentityMap: true,
    flushMode: FlushMode.COMMIT,
    populate: [],
    // The names are those of the metadata, which the types of the ORM cannot know.
  } as unknown as FindOptions<T> & { using?: never[] }
  const rows = await asOwnRead(() => session.find<T>(meta.class, where, reading))
  return rows.length > MOST_KEYS ? undefined : rows.map((row) => helper(row).getPrimaryKey())
}

function asCondition<T extends object>(
  { primaryKeys, compositePK }: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
) {
  return Utils.isPrimaryKey(where, compositePK) ? { [Utils.getPrimaryKeyHash(primaryKeys)]: where } : where
}
