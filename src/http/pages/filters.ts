/** @module What a list may be asked besides which part of it. */
import { type JsonSchema, jsonSchemaOf } from '../schemas/json-schema.ts'
import type { OutputOf, SchemaIssue, SchemaResult, StandardSchema } from '../schemas/standard-schema.ts'

/** No filters. */
export type Filters = StandardSchema<unknown, object>

/** Adds what the filters take to what is asked of every list; all faults are told together. */
export async function withFilters<Own extends object, F extends StandardSchema>(
  own: Own,
  filters: F | undefined,
  value: unknown,
  issues: readonly SchemaIssue[],
): Promise<SchemaResult<Own & OutputOf<F>>> {
  const result = await filters?.['~standard'].validate(value)
  const faults = [...issues, ...(result?.issues ?? [])]
  if (faults.length > 0) return { issues: faults }
  const given = result?.issues ? undefined : result?.value
  // Without filters their type is that of an empty object.
  return { value: Object.assign({}, given, own) as Own & OutputOf<F> }
}

/** The same in JSON Schema. */
export function describeWithFilters(
  own: Readonly<Record<string, JsonSchema>>,
  filters: StandardSchema | undefined,
): JsonSchema {
  const { properties, ...described } = (filters && jsonSchemaOf(filters, 'input')) ?? {}
  return { type: 'object', ...described, properties: { ...Object(properties), ...own } }
}
