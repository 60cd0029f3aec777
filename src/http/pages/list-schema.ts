/** @module The response schema of a part of a list: each item by its own schema, and nothing but what is described. */
import { type JsonSchema, jsonSchemaOf } from '../schemas/json-schema.ts'
import { makeSchema } from '../schemas/make-schema.ts'
import { fieldsOf } from '../schemas/object-fields.ts'
import type { InputOf, SchemaIssue, StandardSchema } from '../schemas/standard-schema.ts'

/** Something with a list of items, and what is said of the list. */
type ListOf<T, L> = Omit<L, 'data'> & { readonly data: readonly T[] }

interface ListParts {
  readonly meta: Readonly<Record<string, JsonSchema>>
  readonly links: readonly string[]
}

/** Of a schema whose library does not say what it is. */
const OPEN: JsonSchema = { $comment: 'This schema does not say what it is in JSON Schema.' }

export function listOf<S extends StandardSchema, L extends { readonly data: readonly unknown[] }>(
  item: S,
  { meta, links }: ListParts,
): StandardSchema<ListOf<InputOf<S>, L>, L> {
  return makeSchema({
    async validate(value) {
      const list = fieldsOf(value)
      if (!Array.isArray(list.data)) return { issues: [{ path: ['data'], message: 'Expected a list.' }] }
      const issues: SchemaIssue[] = []
      const data: unknown[] = []
      for (const [index, one] of list.data.entries()) {
        const result = await item['~standard'].validate(one)
        if (result.issues) issues.push(...result.issues.map((issue) => below(['data', index], issue)))
        else data.push(result.value)
      }
      if (issues.length > 0) return { issues }
      const known = { meta: pick(list.meta, Object.keys(meta)), links: pick(list.links, links) }
      // The items are what their schema gives, and the rest is what `paginate` has made.
      return { value: { data, ...known } as unknown as L }
    },
    describe(side) {
      const { $defs, ...items } = movable(jsonSchemaOf(item, side) ?? OPEN)
      const link = { type: ['string', 'null'] }
      return {
        ...objectOf({
          data: { type: 'array', items },
          meta: objectOf(meta),
          links: objectOf(Object.fromEntries(links.map((name) => [name, link]))),
        }),
        ...($defs !== undefined && { $defs }),
      }
    },
  })
}

/** A schema that contains itself says so by the root of the document, where another one is going to stand. */
function movable(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema)
  if (!text.includes('"$ref":"#"')) return schema
  const { $defs, ...item }: JsonSchema = JSON.parse(text.replaceAll('"$ref":"#"', '"$ref":"#/$defs/item"'))
  return { $ref: '#/$defs/item', $defs: { ...Object($defs), item } }
}

function below(place: readonly PropertyKey[], { message, path = [] }: SchemaIssue): SchemaIssue {
  return { message, path: [...place, ...path] }
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  const fields = fieldsOf(value)
  return Object.fromEntries(names.map((name) => [name, fields[name]]))
}

function objectOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties) }
}
