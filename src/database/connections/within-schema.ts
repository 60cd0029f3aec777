/** @module Keeps updates by the models within the schema of a connection. */
import type { SqlSchemaGenerator } from '@mikro-orm/sql'

/** Seam: `SqlSchemaGenerator.update`, which looks at the other schemas of the database as well, and drops their tables. */
export function withinSchema(
  generator: SqlSchemaGenerator,
  schema: string | undefined,
  isThere: () => Promise<boolean>,
): SqlSchemaGenerator {
  if (schema === undefined || Object.hasOwn(generator, 'update')) return generator
  generator.update = async (options) => {
    const sql = await generator.getUpdateSchemaSQL({ schema, ...options })
    // "if not exists" asks for the right to create schemas also where it exists.
    const creates = `create schema if not exists "${schema}";`
    await generator.execute((await isThere()) ? sql.replace(creates, '') : sql)
  }
  return generator
}
