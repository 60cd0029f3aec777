/** @module The parameters of an operation: the fields of its params, its query and its headers. */
import type { JsonSchema } from '../schemas/json-schema.ts'
import type { Parameter } from './document.ts'
import type { PathParameter } from './path-template.ts'
import { definitionsOf, isSchema, nameIn } from './references.ts'
import type { SchemaComponents, UsedSchema } from './schema-components.ts'

/** OpenAPI describes these by the media types of bodies and by the security schemes. */
const SAID_ELSEWHERE = new Set(['accept', 'authorization', 'content-type'])

interface Field {
  readonly schema: JsonSchema
  readonly required: boolean
}

type Fields = ReadonlyMap<string, Field>

/** What the path says, with what the schema of the params adds. */
export function pathParametersOf(
  parameters: readonly PathParameter[],
  use: UsedSchema | undefined,
  components: SchemaComponents,
): Parameter[] {
  const fields = use ? fieldsOf(use.schema, use) : new Map<string, Field>()
  return parameters.map(({ name, as = name, pattern }) => {
    const schema = fields.get(name)?.schema ?? { type: 'string', ...(pattern && { pattern }) }
    return parameterOf('path', as, { schema, required: true }, use, components)
  })
}

export function queryParametersOf(use: UsedSchema, components: SchemaComponents): Parameter[] {
  const fields = fieldsOf(use.schema, use)
  if (!isSchema(use.schema.additionalProperties)) return parametersOf('query', fields, use, components)
  // Fields by any name: they are written side by side, as a form has them.
  return [parameterOf('query', 'query', { schema: use.schema, required: false }, use, components)]
}

export function headerParametersOf(use: UsedSchema, components: SchemaComponents): Parameter[] {
  const fields = [...fieldsOf(use.schema, use)].filter(([name]) => !SAID_ELSEWHERE.has(name))
  return parametersOf('header', new Map(fields), use, components)
}

function parametersOf(place: Parameter['in'], fields: Fields, use: UsedSchema, components: SchemaComponents) {
  return [...fields].map(([name, field]) => parameterOf(place, name, field, use, components))
}

/** OpenAPI has the words about a parameter beside its schema. */
function parameterOf(
  place: Parameter['in'],
  name: string,
  { schema, required }: Field,
  use: UsedSchema | undefined,
  components: SchemaComponents,
): Parameter {
  const { description, deprecated, ...rest } = schema
  const linked = use ? components.schemaOf({ ...use, schema: { ...rest, $defs: use.schema.$defs } }) : rest
  return {
    name,
    in: place,
    required,
    ...(typeof description === 'string' && { description }),
    ...(deprecated === true && { deprecated }),
    schema: linked,
  }
}

/** The fields of an object, also of one that is named, put together from several, or one of several. */
function fieldsOf(schema: JsonSchema, use: UsedSchema): Fields {
  const { $ref, properties, allOf, anyOf, oneOf } = schema
  if (typeof $ref === 'string') {
    const definition = definitionsOf(use.schema)[nameIn($ref) ?? '']
    return isSchema(definition) ? fieldsOf(definition, use) : new Map()
  }
  if (isSchema(properties)) return new Map(Object.entries(properties).map(fieldIn(schema)))
  const fieldsOfEach = (schemas: unknown) => listOf(schemas).map((each) => fieldsOf(each, use))
  if (Array.isArray(allOf)) return new Map(fieldsOfEach(allOf).flatMap((fields) => [...fields]))
  return inAny(fieldsOfEach(anyOf ?? oneOf))
}

function fieldIn({ required }: JsonSchema) {
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
  return ([name, schema]: [string, unknown]): [string, Field] => [
    name,
    { schema: isSchema(schema) ? schema : {}, required: isRequired(name) },
  ]
}

/** A field is required when every one of them requires it, and may be what any of them says. */
function inAny(choices: readonly Fields[]): Fields {
  const names = new Set(choices.flatMap((fields) => [...fields.keys()]))
  return new Map(
    [...names].map((name) => {
      const found = choices.flatMap((fields) => fields.get(name) ?? [])
      const required = found.length === choices.length && found.every((field) => field.required)
      const schemas = [...new Map(found.map(({ schema }) => [JSON.stringify(schema), schema])).values()]
      return [name, { required, schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas } }]
    }),
  )
}

function listOf(schemas: unknown): readonly JsonSchema[] {
  return Array.isArray(schemas) ? schemas.filter(isSchema) : []
}
