/** @module Compares two schemas as the ORM knows them, and gives the statements between them. */
import type { AbstractSqlConnection, SqlEntityManager, SqlSchemaGenerator } from '@mikro-orm/sql'
import { DatabaseSchema, SchemaComparator } from '@mikro-orm/sql'
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { splitStatements } from '../sql/tokens.ts'
import { withDefaults } from './sql.ts'

/** Foreign keys are the business of the runner, and the rest belongs to the connection. */
const SESSION_SETTING = /^(pragma foreign_keys|set (names|foreign_key_checks|session_replication_role))\b/i

/**
 * What the database of a connection has. Where the models have no views, routines or triggers at all, those that are there
 * were written by hand, and are left out: they stay.
 */
export async function readSchema(
  { orm, driver }: Connection,
  connection: AbstractSqlConnection = (orm.em as SqlEntityManager).getConnection('write'),
): Promise<DatabaseSchema> {
  const target = generatorOf(orm).getTargetSchema()
  const namespaces = target.getNamespaces()
  const { skipTables, skipViews } = orm.config.get('schemaGenerator')
  const read = await DatabaseSchema.create(
    connection,
    platformOf(orm),
    orm.config,
    undefined,
    namespaces,
    undefined,
    skipTables,
    skipViews,
  )
  if (target.getRoutines().length > 0) await read.loadRoutines(connection, platformOf(orm), namespaces)
  if (target.getViews().length === 0) read.setViews([])
  // SQLite loses them with a table that is built again: there it has to be said.
  const hasTriggers = target.getTables().some((table) => table.getTriggers().length > 0)
  if (!hasTriggers && driver.dialect !== 'sqlite') for (const table of read.getTables()) table.setTriggers([])
  return prune(orm, read)
}

/** What the models of a connection ask for. */
export function targetSchema({ orm }: Connection): DatabaseSchema {
  return prune(orm, generatorOf(orm).getTargetSchema())
}

export interface Ways {
  readonly up: () => string[]
  readonly down: () => string[]
}

/** The statements from one schema to another and back; the ORM may know only one of the ways. */
export function compareSchemas({ driver, orm }: Connection, from: DatabaseSchema, to: DatabaseSchema): Ways {
  const comparator = comparatorOf(orm)
  const between = (a: DatabaseSchema, b: DatabaseSchema) =>
    statementsOf(
      generatorOf(orm).diffToSQL(comparator.compare(a, b), { wrap: false, safe: false, dropTables: true }),
      driver.dialect,
    )
  return { up: () => between(from, to), down: () => between(to, from) }
}

export function comparatorOf(orm: Connection['orm']): SchemaComparator {
  const comparator = new SchemaComparator(platformOf(orm))
  // Seam: by itself it takes a column that goes and one that comes for one with another name. That is asked for here.
  Reflect.set(comparator, 'detectColumnRenamings', () => undefined)
  return comparator
}

/** Foreign keys are switched off and on by the runner. */
export function statementsOf(sql: string, dialect: Dialect): string[] {
  return splitStatements(sql, dialect)
    .filter((statement) => !SESSION_SETTING.test(statement))
    .map(withDefaults)
}

/** Tables of models that are in every schema are in none that is compared. */
function prune(orm: Connection['orm'], schema: DatabaseSchema): DatabaseSchema {
  const everywhere = [...orm.getMetadata().getAll().values()].filter((meta) => meta.schema === '*')
  schema.prune(
    undefined,
    everywhere.map(({ tableName }) => tableName),
  )
  return schema
}

/** It writes statements; whoever runs them has the connection. */
export function generatorOf(orm: Connection['orm']): SqlSchemaGenerator {
  // Every driver of Limber is one for SQL.
  return orm.schema as SqlSchemaGenerator
}

export function platformOf(orm: Connection['orm']) {
  return (orm.em as SqlEntityManager).getDriver().getPlatform()
}
