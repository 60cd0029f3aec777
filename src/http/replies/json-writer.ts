/** @module Writes what a schema has accepted as JSON: by the schema where that says it all, which is faster. */
import { createRequire } from 'node:module'
import type { Schema } from 'fast-json-stringify'
import { describeSchema, type JsonSchema, LARGE_INTEGER, type SchemaGap } from '../schemas/json-schema.ts'
import type { StandardSchema } from '../schemas/standard-schema.ts'
import { toWire } from './to-wire.ts'

export type JsonWriter = (accepted: unknown) => string | undefined

export function jsonWriterOf(schema: StandardSchema): JsonWriter {
  const gaps: SchemaGap[] = []
  const described = describeSchema(schema, 'output', gaps)
  // A schema with a gap may make values of which only their own look tells what they are.
  if (!described || gaps.length > 0 || hasOthers(described))
    return (accepted) => JSON.stringify(toWire(accepted))
  const require = createRequire(import.meta.url)
  const build: typeof import('fast-json-stringify') = require('fast-json-stringify')
  // Its type knows no schema without a type, which it writes as JSON writes it.
  const write = build(shapeOf(described) as unknown as Schema)
  return (accepted) => (accepted === undefined ? undefined : write(accepted))
}

/**
 * Whether values in it may be none that JSON has: large integers, which are written as texts, and what stands at a gap that a
 * schema around it has noted.
 */
function hasOthers(described: JsonSchema): boolean {
  const text = JSON.stringify(described)
  return text.includes('"$comment":') || text.includes(JSON.stringify(LARGE_INTEGER))
}

/**
 * What of a schema says how values are written. Nothing else is needed: they have been accepted. A place of which it says
 * nothing is written as JSON writes it.
 */
function shapeOf(schema: unknown): JsonSchema {
  if (typeof schema !== 'object' || schema === null) return {}
  const { type, properties, items, additionalProperties, anyOf, nullable }: JsonSchema = { ...schema }
  if (Array.isArray(anyOf)) return nullableOf(anyOf)
  if (Array.isArray(type)) return nullableOf(type.map((one) => ({ ...schema, type: one })))
  const orNull = nullable === true ? { nullable: true } : {}
  if (type === 'object') return { type, ...orNull, ...fieldsOf(properties, additionalProperties) }
  if (type === 'array') return 'prefixItems' in schema ? {} : { type, ...orNull, items: shapeOf(items) }
  return PLAIN.has(type) ? { type, ...orNull } : {}
}

const PLAIN = new Set<unknown>(['string', 'number', 'integer', 'boolean'])

/** Of alternatives only null beside another one can be told apart without looking twice. */
function nullableOf(alternatives: readonly unknown[]): JsonSchema {
  const others = alternatives.filter((one) => Reflect.get(Object(one), 'type') !== 'null')
  const isNullable = others.length === alternatives.length - 1
  return others.length === 1 && isNullable ? shapeOf({ ...Object(others[0]), nullable: true }) : {}
}

function fieldsOf(properties: unknown, others: unknown): JsonSchema {
  const fields = Object.entries(Object(properties)).map(([name, field]) => [name, shapeOf(field)])
  return {
    properties: Object.fromEntries(fields),
    // The fields that are not described have been taken away, unless the schema lets them through.
    additionalProperties: typeof others === 'object' ? shapeOf(others) : others === true,
  }
}
