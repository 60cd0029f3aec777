/** @module What the schemas of a route say in JSON Schema, and where they say nothing. */
import type { Route } from '../routing/route.ts'
import { describeSchema, type SchemaGap } from '../schemas/json-schema.ts'
import { ComponentConflictError } from './errors.ts'
import { pascalCase } from './operation-ids.ts'
import { mapReferences, nameIn } from './references.ts'
import type { UsedSchema } from './schema-components.ts'

export type Part = 'params' | 'query' | 'headers' | 'body' | 'response' | 'stream'

const PARTS: readonly Part[] = ['params', 'query', 'headers', 'body', 'response', 'stream']

/** A part of a route that the document says nothing about. */
export interface RouteGap {
  readonly route: string
  /** `query.since` */
  readonly place: string
  readonly reason: string
}

/** The parts of a route that have a schema; undefined where that cannot be described. */
export type RouteSchemas = Readonly<Partial<Record<Part, UsedSchema | undefined>>>

/** @throws {ComponentConflictError} when one name means two things in one schema */
export function schemasOf(route: Route, operationId: string, gaps: RouteGap[]): RouteSchemas {
  const schemas: Partial<Record<Part, UsedSchema | undefined>> = {}
  for (const part of PARTS) {
    if (!route.options[part]) continue
    const found: SchemaGap[] = []
    schemas[part] = useOf(route, part, `${pascalCase(operationId)}${pascalCase(part)}`, found)
    for (const { path, reason } of found) {
      gaps.push({ route: route.signature, place: path === '' ? part : `${part}.${path}`, reason })
    }
  }
  return schemas
}

function useOf(route: Route, part: Part, name: string, gaps: SchemaGap[]): UsedSchema | undefined {
  const schema = route.options[part]
  const side = part === 'response' || part === 'stream' ? 'output' : 'input'
  const described = schema && describeSchema(schema, side, gaps)
  const twice = /^Duplicate schema id "(.+?)"/.exec(gaps.at(-1)?.reason ?? '')?.[1]
  if (twice !== undefined) {
    throw new ComponentConflictError('schemas', twice, route.signature, route.signature)
  }
  if (!schema || !described) return undefined
  const stranger = referencesIn(described).find((reference) => nameIn(reference) === undefined)
  if (stranger !== undefined) {
    gaps.push({ path: '', reason: `It refers to "${stranger}", which is not in the document.` })
    return undefined
  }
  const { vendor } = schema['~standard']
  // zod numbers what has no name, and takes the names from `.meta({ id })`; the lists of Limber pass them on.
  const hasNames = vendor === 'zod' || vendor === 'limber'
  const isNamed = (definition: string) => hasNames && !/^(__|#|$)/.test(definition)
  return { schema: described, side, route: route.signature, name, isNamed }
}

function referencesIn(schema: UsedSchema['schema']): string[] {
  const references: string[] = []
  mapReferences(schema, (reference) => {
    references.push(reference)
    return reference
  })
  return references
}
