/** @module Asks the ORM for the statements between a database and the models. */
import type { EntityProperty } from '@mikro-orm/core'
import type { Connection } from '../../connections/connection.ts'
import { SchemaNotRepresentableError } from '../errors.ts'
import { isReadable, splitStatements, withDefaults } from './sql.ts'

export interface ModelDifference {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/** Foreign keys are the business of the runner, and the rest belongs to the connection. */
const SESSION_SETTING = /^(pragma foreign_keys|set (names|foreign_key_checks|session_replication_role))\b/i

/** The ORM puts a text that is a default between quotes without doubling those in it. */
export function escapeDefaults(scratch: Connection): void {
  for (const meta of scratch.orm.getMetadata().getAll().values()) {
    for (const property of meta.props) escapeDefault(property)
  }
}

/** @throws {SchemaNotRepresentableError} for a name that the ORM could write, and never read again */
export function refuseNames(scratch: Connection): void {
  for (const table of scratch.schema.getTargetSchema().getTables()) {
    const name = table.getShortestName()
    refuse('table', name, name)
    for (const { keyName } of table.getIndexes()) refuse('index', keyName, name)
  }
}

/** @throws {SchemaNotRepresentableError} when the ORM cannot tell */
export async function modelDifference(scratch: Connection): Promise<ModelDifference> {
  try {
    const { up, down } = await scratch.schema.getUpdateSchemaMigrationSQL({ wrap: false })
    return { up: statements(up), down: statements(down) }
  } catch {
    // It may know the way there and not the one back, as with the removal of an index over an expression.
    return { up: await statementsUp(scratch), down: [] }
  }
}

async function statementsUp(scratch: Connection): Promise<string[]> {
  try {
    return statements(await scratch.schema.getUpdateSchemaSQL({ wrap: false }))
  } catch (cause) {
    throw new SchemaNotRepresentableError('The models cannot be compared with the migrations', cause)
  }
}

/** Foreign keys are switched off and on by the runner. */
function statements(sql: string): string[] {
  return splitStatements(sql)
    .filter((statement) => !SESSION_SETTING.test(statement))
    .map(withDefaults)
}

function escapeDefault(property: EntityProperty): void {
  const text: unknown = property.default
  if (typeof text !== 'string' || property.defaultRaw !== `'${text}'`) return
  property.defaultRaw = `'${text.replaceAll("'", "''")}'`
}

function refuse(what: string, name: string, table: string): void {
  if (isReadable(name)) return
  throw new SchemaNotRepresentableError(
    `The table "${table}" cannot be migrated`,
    `the ${what} is called "${name}", and quotes, dots and spaces are not read back.`,
  )
}
