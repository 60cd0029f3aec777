/** @module Asks the ORM for the statements between a database and the models. */
import type { EntityProperty } from '@mikro-orm/core'
import type { DatabaseSchema } from '@mikro-orm/sql'
import type { Connection } from '../../connections/connection.ts'
import { compareSchemas, readSchema, targetSchema } from './compare-schemas.ts'
import { SchemaNotRepresentableError } from './errors.ts'
import { isReadable } from './sql.ts'

export interface ModelDifference {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/** The ORM puts a text that is a default between quotes without doubling those in it. */
export function escapeDefaults(connection: Connection): void {
  for (const meta of connection.orm.getMetadata().getAll().values()) {
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
export async function modelDifference(
  connection: Connection,
  from?: DatabaseSchema,
): Promise<ModelDifference> {
  try {
    const { up, down } = compareSchemas(
      connection,
      from ?? (await readSchema(connection)),
      targetSchema(connection),
    )
    return { up: up(), down: wayBack(down) }
  } catch (cause) {
    throw new SchemaNotRepresentableError('The models cannot be compared with the migrations', cause)
  }
}

/** The ORM may know the way there and not the one back, as with the removal of an index over an expression. */
function wayBack(down: () => string[]): string[] {
  try {
    return down()
  } catch {
    return []
  }
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
