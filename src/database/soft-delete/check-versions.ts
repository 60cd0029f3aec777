/** @module A row that somebody has changed since it was read is not trashed by whoever has not seen the change. */
import type { DriverMethodOptions, EntityMetadata, ObjectQuery } from '@mikro-orm/core'
import { helper, LockMode, OptimisticLockError, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { DELETED_AT } from './deleted-at.ts'
import { rowKey } from './trash.ts'

/**
 * @param entities all of one model; what is in the trash by now keeps its stamp, and is no conflict
 * @throws {OptimisticLockError}
 */
export async function checkVersions(
  em: SqlEntityManager,
  { root }: EntityMetadata,
  entities: readonly object[],
  options: DriverMethodOptions,
): Promise<void> {
  const { versionProperty, primaryKeys } = root
  const known = entities.filter((entity) => helper(entity).__initialized)
  if (!versionProperty || known.length === 0) return
  const keys = known.map((entity) => helper(entity).getPrimaryKey())
  const where = { [Utils.getPrimaryKeyHash(primaryKeys)]: { $in: keys }, [DELETED_AT]: null }
  // Until they are trashed nobody else may change them.
  const lock = dialectOf(em.config) === 'sqlite' ? {} : { lockMode: LockMode.PESSIMISTIC_WRITE as const }
  // The keys are those of the metadata, which the types of the driver cannot know.
  const rows = await em.getDriver().find(root.class, where as ObjectQuery<object>, { ...options, ...lock })
  const versions = new Map(rows.map((row) => [rowKey(primaryKeys, row), Reflect.get(row, versionProperty)]))
  for (const entity of known) {
    const key = helper(entity).getSerializedPrimaryKey()
    const seen: unknown = Reflect.get(entity, versionProperty)
    if (versions.has(key) && seen != null && Number(versions.get(key)) !== Number(seen))
      throw OptimisticLockError.lockFailed(entity)
  }
}
