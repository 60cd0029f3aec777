/** @module Runs a schema over a value and says what does not fit, with the place of each fault. */
import type { Fault } from '../errors/limber-error.ts'
import type { SchemaIssue, StandardSchema } from './standard-schema.ts'

/** The value as the schema gives it; the faults are added to the list, each with its path under `name`. */
export async function validate(
  name: string,
  schema: StandardSchema,
  value: unknown,
  faults: Fault[],
): Promise<unknown> {
  const result = await schema['~standard'].validate(value)
  if (!result.issues) return result.value
  for (const issue of result.issues) faults.push({ path: pathOf(name, issue), message: issue.message })
  return undefined
}

function pathOf(name: string, issue: SchemaIssue): string {
  const keys = issue.path?.map((segment) => (typeof segment === 'object' ? segment.key : segment)) ?? []
  return [name, ...keys.map(String)].join('.')
}
