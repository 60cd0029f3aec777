/** @module The statement by which a flush trashes rows: most flushes that remove something are little more than this one. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'
import { DELETED_AT } from './deleted-at.ts'
import { hasKey } from './entity-rows.ts'
import { stampChange } from './trash.ts'

/**
 * Trashes the live ones of these rows.
 *
 * @param keys as entities spell theirs
 * @returns how many rows it has trashed
 */
export async function trashByKeys<T extends object>(
  em: SqlEntityManager,
  meta: EntityMetadata<T>,
  keys: readonly unknown[],
  stamp: Date,
  options: DriverMethodOptions,
): Promise<number> {
  const written = writtenByHand(em, meta, options)
  if (written) {
    const marks = Array(keys.length).fill('?').join(', ')
    const sql = `${written.update} (${marks})`
    const statement = em
      .getConnection('write')
      .execute<{ affectedRows: number }>(
        sql,
        [written.valueOf(stamp), ...keys],
        'run',
        options.ctx,
        options.loggerContext,
      )
    return (await translateErrors(em, statement)).affectedRows
  }
  const live = { ...hasKey(meta, keys), [DELETED_AT]: null }
  const driver = em.getDriver()
  return (
    await driver.nativeUpdate(meta.class, live, stampChange(stamp), { ...options, convertCustomTypes: true })
  ).affectedRows
}

interface Written {
  readonly update: string
  valueOf(stamp: Date): unknown
}

/** For keys of one column that need no conversion, and rows without a version to count. */
function writtenByHand<T extends object>(
  em: SqlEntityManager,
  meta: EntityMetadata<T>,
  { schema }: DriverMethodOptions,
): Written | undefined {
  const [key] = meta.getPrimaryProps()
  const stamp = meta.props.find(({ name }) => name === DELETED_AT)
  if (!key || !stamp || meta.compositePK || meta.versionProperty || key.customType || key.targetMeta)
    return undefined
  const platform = em.getPlatform()
  // The name of a table is asked of the driver, which keeps the method to itself and its subclasses.
  const driver = em.getDriver() as AbstractSqlDriver & { getTableName(meta: object, options: object): string }
  const column = (name: string | undefined) => platform.quoteIdentifier(name ?? '')
  const at = column(stamp.fieldNames[0])
  return {
    update: `update ${driver.getTableName(meta, { schema })} set ${at} = ? where ${at} is null and ${column(key.fieldNames[0])} in`,
    valueOf: (value) =>
      stamp.customType
        ? stamp.customType.convertToDatabaseValue(value, platform)
        : platform.processDateProperty(value),
  }
}
