/** @module Brings one soft-deleted row back. */
import type { FilterQuery } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import { DELETED_AT, stampOf } from './deleted-at.ts'
import { mirrorStamp, mirrorVersions, stampChange } from './trash.ts'

/** @returns whether the row was in the trash with the stamp that the entity shows */
export async function restoreRow<T extends object>(em: SqlEntityManager, entity: T): Promise<boolean> {
  const stamp = stampOf(entity)
  if (!stamp) return false
  const meta = helper(entity).__meta.root
  const key = Utils.getPrimaryKeyHash(meta.primaryKeys)
  // The keys are those of the metadata, which the types of the driver cannot know.
  const row = { [key]: helper(entity).getPrimaryKey(), [DELETED_AT]: stamp } as FilterQuery<T>
  const ctx = em.getTransactionContext()
  const options = ctx ? { ctx } : {}
  const driver = em.getDriver()
  const result = await driver.nativeUpdate(meta.class, row, stampChange(null), {
    ...options,
    convertCustomTypes: true,
  })
  if (result.affectedRows === 0) return false
  mirrorStamp(em, entity, null)
  await asOwnRead(() => mirrorVersions(em, [entity], options))
  return true
}
