/** @module Keeps updates by the models within the schema of a connection. */
import type { SqlSchemaGenerator } from '@mikro-orm/sql'

/** Seam: `SqlSchemaGenerator.update`, which looks at the other schemas of the database as well, and drops their tables. */
export function withinSchema(generator: SqlSchemaGenerator, schema: string | undefined): SqlSchemaGenerator {
  if (schema === undefined || Object.hasOwn(generator, 'update')) return generator
  const update = generator.update.bind(generator)
  generator.update = (options) => update({ schema, ...options })
  return generator
}
