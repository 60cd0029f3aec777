/** @module Entities in memory whose rows a statement has trashed or restored without naming them. */
import type { DriverMethodOptions, EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { DELETED_AT, isTrashed } from './deleted-at.ts'
import { leaveCollections } from './leave-collections.ts'
import { dropEdits, mirrorStamp, mirrorVersions, rowKey } from './trash.ts'

const CHUNK = 5_000

/** Shows the stamp in the entities of a table whose rows carry it now; what was changed in them and not written is dropped. */
export async function mirrorTrashed(
  session: SqlEntityManager,
  journal: RollbackJournal,
  meta: EntityMetadata,
  stamp: Date,
  options: DriverMethodOptions,
): Promise<void> {
  const live = loaded(session, meta).filter((entity) => !isTrashed(entity))
  const gone = await withStamp(session, meta, live, stamp, options)
  if (gone.length === 0) return
  for (const entity of gone) {
    journal.noteStamp(entity)
    dropEdits(session, entity)
    mirrorStamp(session, entity, stamp)
  }
  await mirrorVersions(session, gone, options)
  leaveCollections(session, journal, gone)
}

/** The entities of a table that are in memory with more than their key. */
function loaded(session: SqlEntityManager, meta: EntityMetadata): object[] {
  const entities = session.getUnitOfWork(false).getIdentityMap().getStore(meta.root).values()
  return [...entities].filter((entity) => helper(entity).__initialized)
}

/** Those of the entities whose rows carry this stamp. */
async function withStamp(
  session: SqlEntityManager,
  { root }: EntityMetadata,
  entities: readonly object[],
  stamp: Date,
  options: DriverMethodOptions,
): Promise<object[]> {
  const found = new Set<string>()
  for (let i = 0; i < entities.length; i += CHUNK) {
    const keys = entities.slice(i, i + CHUNK).map((entity) => helper(entity).getPrimaryKey())
    // The keys are those of the metadata, which the types of the driver cannot know.
    const where = {
      [Utils.getPrimaryKeyHash(root.primaryKeys)]: { $in: keys },
      [DELETED_AT]: stamp,
    } as FilterQuery<object>
    const rows = await session.getDriver().find(root.class, where as never, options)
    for (const row of rows) found.add(rowKey(root.primaryKeys, row))
  }
  return entities.filter((entity) => found.has(helper(entity).getSerializedPrimaryKey()))
}
