/** @module Makes upserts meet the unique indexes of live rows, which have to be named with their condition. */
import type {
  EntityData,
  EntityMetadata,
  MikroORM,
  NativeInsertUpdateOptions,
  UpsertOptions,
} from '@mikro-orm/core'
import { getOnConflictFields } from '@mikro-orm/core'
import type { AbstractSqlDriver } from '@mikro-orm/sql'
import type { Dialect } from '../connections/driver.ts'
import { DELETED_AT } from './deleted-at.ts'
import { conflictAmongLive } from './live-conflict.ts'
import { isSoftModel } from './soft-models.ts'

type Options<T> = NativeInsertUpdateOptions<T> & UpsertOptions<T>

/**
 * Seams: `AbstractSqlDriver.nativeUpdate` and `nativeUpdateMany`. That a conflict is one among live rows is said to them
 * with `deletedAt` among its fields. MySQL names no index.
 */
export function meetLiveIndexes(orm: MikroORM, dialect: Dialect): void {
  if (dialect === 'mysql') return
  // Every driver of Limber speaks SQL.
  const driver = orm.driver as unknown as AbstractSqlDriver
  const nativeUpdate = driver.nativeUpdate.bind(driver)
  const nativeUpdateMany = driver.nativeUpdateMany.bind(driver)
  driver.nativeUpdate = (model, where, data, options) => {
    const meta = orm.getMetadata().find(model)
    return nativeUpdate(model, where, data, options && withCondition(orm, meta, data, options))
  }
  driver.nativeUpdateMany = (model, where, data, options, transform) => {
    const meta = orm.getMetadata().find(model)
    const [first = {}] = data
    return nativeUpdateMany(
      model,
      where,
      data,
      options && withCondition(orm, meta, first, options),
      transform,
    )
  }
}

function withCondition<T extends object, O extends Options<T>>(
  orm: MikroORM,
  meta: EntityMetadata<T> | undefined,
  row: EntityData<T>,
  options: O,
): O {
  const { upsert, onConflictFields: fields } = options
  if (!upsert || !meta || !isSoftModel(meta) || !Array.isArray(fields)) return options
  if (!fields.map(String).includes(DELETED_AT)) return options
  const key = fields.filter((name) => name !== DELETED_AT)
  // The ORM cannot read the fields out of the condition, and would write them as well.
  const merged = getOnConflictFields(meta, row, fields, options)
  const isNothing = merged.length === 0 && !options.onConflictMergeFields
  return {
    ...options,
    onConflictFields: conflictAmongLive(meta, key.map(String), orm.config.getPlatform()),
    // Writing its key again, a row is given back where leaving it alone would leave a gap.
    onConflictMergeFields: isNothing ? key : merged,
  }
}
