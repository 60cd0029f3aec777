/** @module Schemas of our own, for what no schema library knows: pages, and the queries for them. */
import type { JsonSchema, SchemaSide } from './json-schema.ts'
import type { SchemaResult, StandardSchema } from './standard-schema.ts'

interface SchemaParts<Output> {
  readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  readonly describe: (side: SchemaSide) => JsonSchema
}

/** Makes a Standard Schema that also says what it is in JSON Schema. */
export function makeSchema<Input, Output>({ validate, describe }: SchemaParts<Output>) {
  const jsonSchema = { input: () => describe('input'), output: () => describe('output') }
  const schema = { '~standard': { version: 1, vendor: 'limber', validate, jsonSchema } } as const
  // The types are for the compiler alone: nothing stands there when the program runs.
  return schema as StandardSchema<Input, Output>
}
