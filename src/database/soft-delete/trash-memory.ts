/** @module Entities in memory whose rows a statement has trashed or restored without naming them. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { joinCollections, leaveCollections } from './collections.ts'
import { DELETED_AT, isTrashed, stampOf } from './deleted-at.ts'
import { readFromRows } from './entity-rows.ts'
import { showParents } from './parents-back.ts'
import { dropEdits, mirrorStamp, mirrorVersions } from './trash.ts'

/** Shows a stamp in the live entities of a table whose rows carry it now; edits of theirs that were not written are dropped. */
export async function mirrorTrashed(
  em: SqlEntityManager,
  journal: RollbackJournal,
  meta: EntityMetadata,
  stamp: Date,
  options: DriverMethodOptions,
): Promise<void> {
  const live = loaded(em, meta).filter((entity) => !isTrashed(entity))
  const gone = await withStamp(em, meta, live, stamp, options)
  if (gone.length === 0) return
  for (const entity of gone) {
    journal.noteStamp(entity)
    dropEdits(em, entity)
    mirrorStamp(em, entity, stamp)
  }
  await mirrorVersions(em, gone, options)
  leaveCollections(em, journal, gone)
}

/** Takes stamps from the entities of a table whose rows do not carry them any more; edits of theirs stay pending. */
export async function mirrorRestored(
  em: SqlEntityManager,
  journal: RollbackJournal,
  meta: EntityMetadata,
  stamps: readonly Date[],
  options: DriverMethodOptions,
): Promise<void> {
  const times = new Set<number | undefined>(stamps.map((stamp) => stamp.getTime()))
  const trashed = loaded(em, meta).filter((entity) => times.has(stampOf(entity)?.getTime()))
  const back = await withStamp(em, meta, trashed, null, options)
  if (back.length === 0) return
  for (const entity of back) {
    journal.noteStamp(entity)
    mirrorStamp(em, entity, null)
  }
  await mirrorVersions(em, back, options)
  joinCollections(em, journal, back)
  await showParents(em, journal, back, options)
}

/** The entities of a table that are in memory with more than their key, be it the stamp of one that was never read. */
function loaded(em: SqlEntityManager, meta: EntityMetadata): object[] {
  const entities = em.getUnitOfWork(false).getIdentityMap().getStore(meta.root).values()
  return [...entities].filter((entity) => {
    const { __initialized: isRead, __originalEntityData: row } = helper(entity)
    return isRead || (row !== undefined && DELETED_AT in row)
  })
}

/** Those of the entities whose rows have this stamp, or none. */
async function withStamp(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  stamp: Date | null,
  options: DriverMethodOptions,
): Promise<object[]> {
  const found = await readFromRows(em, meta, entities, DELETED_AT, options, { [DELETED_AT]: stamp })
  return entities.filter((entity) => found.has(helper(entity).getSerializedPrimaryKey()))
}
