/** @module Reads single fields of an object that nobody has looked at yet. */
import type { SchemaIssue } from './standard-schema.ts'

/** The fields of a value; none when it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A whole number between two others, also as the text of one, or what stands for it when there is nothing. */
export function wholeNumber(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  { min, max, otherwise }: { readonly min: number; readonly max: number; readonly otherwise: number },
  issues: SchemaIssue[],
): number {
  const given = fields[name]
  if (given === undefined) return otherwise
  const number = typeof given === 'number' || /^\d{1,15}$/.test(String(given)) ? Number(given) : Number.NaN
  if (Number.isInteger(number) && number >= min && number <= max) return number
  issues.push({ path: [name], message: `Expected a whole number from ${min} to ${max}.` })
  return otherwise
}
