/** @module Runs a schema over a value and says what does not fit, with the place of each fault. */
import type { Fault } from '../../errors/limber-error.ts'
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
  faults.push(...faultsOf(name, result.issues))
  return undefined
}

/** A body of a megabyte can have half a million of them; nobody reads more than these. */
const MOST_FAULTS = 100

/** What does not fit, with the path of each under `name`; of too many the first ones, and how many there are besides. */
export function faultsOf(name: string, issues: readonly SchemaIssue[]): Fault[] {
  const faults = issues
    .slice(0, MOST_FAULTS)
    .map((issue) => ({ path: pathOf(name, issue), message: issue.message }))
  const others = issues.length - faults.length
  return others === 0 ? faults : [...faults, { path: name, message: `There are ${others} more faults.` }]
}

function pathOf(name: string, issue: SchemaIssue): string {
  const keys = issue.path?.map((segment) => (typeof segment === 'object' ? segment.key : segment)) ?? []
  return [name, ...keys.map(String)].join('.')
}
