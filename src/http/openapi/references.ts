/** @module The references inside of a schema: found, and written anew. */
import type { JsonSchema } from '../schemas/json-schema.ts'

/** Keywords whose values are data, whatever they look like. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples'])

/** Keywords whose values are schemas by a name that somebody chose. */
const BY_NAME = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])

/** A copy of the schema with every reference replaced by what `rewrite` gives for it. */
export function mapReferences(schema: JsonSchema, rewrite: (reference: string) => string): JsonSchema {
  const copy = (value: unknown, key: string): unknown => {
    if (key === '$ref' && typeof value === 'string') return rewrite(value)
    if (DATA.has(key)) return value
    if (Array.isArray(value)) return value.map((item) => copy(item, ''))
    if (!isSchema(value)) return value
    // Names are no keywords: there is a field called `default` somewhere.
    const keyOf = (name: string) => (BY_NAME.has(key) ? '' : name)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item, keyOf(name))]))
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, copy(value, key)]))
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schemas that others refer to as `#/$defs/…`. */
export function definitionsOf({ $defs }: JsonSchema): Readonly<Record<string, unknown>> {
  return isSchema($defs) ? $defs : {}
}

/** The name in `#/$defs/Book`; the empty text for `#`, the schema itself; undefined for anything else. */
export function nameIn(reference: string): string | undefined {
  if (reference === '#') return ''
  const name = /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1]
  return name?.replaceAll('~1', '/').replaceAll('~0', '~')
}
