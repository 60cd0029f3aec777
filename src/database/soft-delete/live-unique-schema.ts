/**
 * @module Makes the unique indexes of soft-deleted models hold among live rows only, wherever the schema is made from the
 * models: in migrations, in comparisons and in `connection.schema`.
 */
import type { EntityMetadata, MikroORM } from '@mikro-orm/core'
import type { DatabaseTable, IndexDef, SqlSchemaGenerator } from '@mikro-orm/sql'
import type { Dialect } from '../connections/driver.ts'
import { DELETED_AT } from './deleted-at.ts'
import { addLiveColumn } from './live-column.ts'
import { isForLiveRows } from './live-unique.ts'
import { isSoftModel } from './soft-models.ts'

/** Seam: `SqlSchemaGenerator.getTargetSchema`, which every statement and every comparison begins with. */
export function keepUniqueAmongLive(orm: MikroORM, dialect: Dialect): void {
  // Every driver of Limber speaks SQL.
  const generator = orm.schema as SqlSchemaGenerator
  const getTargetSchema = generator.getTargetSchema.bind(generator)
  generator.getTargetSchema = (...args) => {
    const schema = getTargetSchema(...args)
    const models = [...orm.getMetadata()].filter((meta) => isSoftModel(meta) && meta.root === meta)
    for (const table of schema.getTables()) {
      const model = models.find((meta) => isTableOf(table, meta))
      if (model) adapt(table, stampColumn(model), orm, dialect)
    }
    return schema
  }
}

function isTableOf(table: DatabaseTable, { tableName, schema }: EntityMetadata): boolean {
  return table.name === tableName && (!schema || schema === '*' || schema === table.schema)
}

function adapt(table: DatabaseTable, stamp: string, orm: MikroORM, dialect: Dialect): void {
  const platform = orm.config.getPlatform()
  const where = `${platform.quoteIdentifier(stamp)} is null`
  // An index over the stamp itself is a rule that somebody has written by hand.
  const isLive = (index: IndexDef) =>
    index.unique &&
    !index.primary &&
    !index.columnNames.includes(stamp) &&
    (isForLiveRows(index) || index.where === where)
  const indexes = table.getIndexes()
  if (!indexes.some(isLive)) return
  if (dialect !== 'mysql') {
    table.setIndexes(indexes.map((index) => (isLive(index) ? among(index, where) : index)))
    return
  }
  const column = addLiveColumn(table, stamp, platform)
  table.setIndexes(indexes.map((index) => (isLive(index) ? over(index, column) : index)))
}

/** The same index over one column more. */
function over({ where: _, ...index }: IndexDef, column: string): IndexDef {
  return { ...index, columnNames: [...index.columnNames, column], composite: true, constraint: true }
}

/** The same index as a partial one, which cannot wait for the end of the transaction. */
function among({ deferMode: _, ...index }: IndexDef, where: string): IndexDef {
  return { ...index, where, constraint: false }
}

function stampColumn(meta: EntityMetadata): string {
  return meta.properties[DELETED_AT]?.fieldNames[0] ?? 'deleted_at'
}
