/** @module JSON Schema (draft 2020-12) from the schemas of routes, for documents and for serialisers. */
import { messageOf } from '../../support/message-of.ts'
import type { StandardSchema } from './standard-schema.ts'

export type JsonSchema = Record<string, unknown>

/** What a schema takes, or what it gives. */
export type SchemaSide = 'input' | 'output'

/** A place in a schema that JSON Schema has no words for; there it accepts anything. */
export interface SchemaGap {
  /** From the root of the schema: `author.birthday`; empty for the schema itself. */
  readonly path: string
  readonly reason: string
}

/** See https://standardschema.dev/json-schema. */
interface JsonSchemaConverter {
  input(options: ConversionOptions): JsonSchema
  output(options: ConversionOptions): JsonSchema
}

interface ConversionOptions {
  readonly target: 'draft-2020-12'
  readonly libraryOptions?: Record<string, unknown>
}

/** What zod says of a schema on the way. */
interface ZodPlace {
  readonly zodSchema: {
    readonly _zod: {
      readonly def: { readonly type: string; readonly coerce?: boolean; readonly catchall?: unknown }
    }
  }
  readonly path: readonly (string | number)[]
}

/** The schema as JSON Schema, open where that has no words; undefined when its library cannot say it at all. */
export function jsonSchemaOf(schema: StandardSchema, side: SchemaSide): JsonSchema | undefined {
  return describeSchema(schema, side, [])
}

/** The same, with every gap added to the list. */
export function describeSchema(
  schema: StandardSchema,
  side: SchemaSide,
  gaps: SchemaGap[],
): JsonSchema | undefined {
  const { vendor } = schema['~standard']
  const converter = converterOf(schema)
  if (!converter) {
    gaps.push({ path: '', reason: `Schemas of ${vendor} do not say what they are in JSON Schema.` })
    return undefined
  }
  const libraryOptions = vendor === 'zod' ? { libraryOptions: optionsForZod(side, gaps) } : {}
  try {
    const { $schema, ...described } = converter[side]({ target: 'draft-2020-12', ...libraryOptions })
    return described
  } catch (error) {
    gaps.push({ path: '', reason: messageOf(error) })
    return undefined
  }
}

function converterOf(schema: StandardSchema): JsonSchemaConverter | undefined {
  const standard: object = schema['~standard']
  if (!('jsonSchema' in standard && typeof standard.jsonSchema === 'object')) return undefined
  // The property belongs to the standard: who has it has both functions.
  return (standard.jsonSchema as JsonSchemaConverter | null) ?? undefined
}

function optionsForZod(side: SchemaSide, gaps: SchemaGap[]): Record<string, unknown> {
  return {
    unrepresentable: ({ zodSchema, path, message }: ZodPlace & { readonly message: string }) => {
      const { type, coerce } = zodSchema._zod.def
      // Replies carry dates and large integers as text, and coercion reads them from it.
      if (type in AS_TEXT && (side === 'output' || coerce)) return AS_TEXT[type]
      gaps.push({ path: path.filter((key) => key !== 'properties').join('.'), reason: `${message}.` })
      return { $comment: `${message}.` }
    },
    override: ({ zodSchema, jsonSchema }: ZodPlace & { readonly jsonSchema: JsonSchema }) => {
      // Only z.strictObject() promises that there will never be another field; then it has a catchall.
      const { type, catchall } = zodSchema._zod.def
      if (type === 'object' && catchall === undefined) delete jsonSchema.additionalProperties
    },
  }
}

/** What the text of a large integer looks like. */
export const LARGE_INTEGER = '^-?\\d+$'

const AS_TEXT: Readonly<Record<string, JsonSchema>> = {
  date: { type: 'string', format: 'date-time' },
  bigint: { type: 'string', pattern: LARGE_INTEGER },
}
