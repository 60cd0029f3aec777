/** @module The error for models and migrations that would differ again after every migration. */
import { SchemaNotRepresentableError } from './errors.ts'

export function neverEnds(
  tables: readonly string[],
  statements: readonly string[],
): SchemaNotRepresentableError {
  const list = tables.map((table) => `"${table}"`).join(', ')
  return new SchemaNotRepresentableError(
    `The models and the migrations never agree about ${list}`,
    `every migration would be followed by another: ${statements.join('; ')}`,
  )
}
