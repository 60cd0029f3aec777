/** @module A row that somebody has changed since it was read is not trashed by whoever has not seen the change. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import { helper, LockMode, OptimisticLockError } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { DELETED_AT } from './deleted-at.ts'
import { readFromRows } from './entity-rows.ts'

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
  const { versionProperty } = root
  const known = entities.filter((entity) => helper(entity).__initialized)
  if (!versionProperty || known.length === 0) return
  // Until they are trashed nobody else may change them.
  const lock = dialectOf(em.config) === 'sqlite' ? {} : { lockMode: LockMode.PESSIMISTIC_WRITE as const }
  const live = { [DELETED_AT]: null }
  const versions = await readFromRows(em, root, known, versionProperty, { ...options, ...lock }, live)
  for (const entity of known) {
    const key = helper(entity).getSerializedPrimaryKey()
    const seen: unknown = Reflect.get(entity, versionProperty)
    if (versions.has(key) && seen != null && Number(versions.get(key)) !== Number(seen))
      throw OptimisticLockError.lockFailed(entity)
  }
}
