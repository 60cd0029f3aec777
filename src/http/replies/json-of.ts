/** @module From a value to the JSON that is sent: nothing leaves that the schema of the value does not name. */
import type { Fault } from '../../errors/limber-error.ts'
import type { StandardSchema } from '../schemas/standard-schema.ts'
import { validate } from '../schemas/validate.ts'
import { ResponseInvalidError } from './errors.ts'
import { type JsonWriter, jsonWriterOf } from './json-writer.ts'
import { NotWireError, toWire } from './to-wire.ts'

/** The route, as an error names it. */
interface NamedRoute {
  readonly signature: string
  readonly label: string
}

/** Compiled with the first reply: many routes of a process are never asked. */
const writers = new WeakMap<StandardSchema, JsonWriter>()

/**
 * Gives the JSON of a value; undefined when it is nothing at all.
 *
 * @param place where the value stands in the result: the number of an item
 * @throws {ResponseInvalidError} when the value does not fit the schema, or JSON
 */
export async function jsonOf(
  route: NamedRoute,
  value: unknown,
  schema: StandardSchema | undefined,
  place: readonly string[] = [],
): Promise<string | undefined> {
  try {
    const wire = toWire(value, [...place])
    if (!schema) return JSON.stringify(wire)
    const faults: Fault[] = []
    const checked = await validate(['result', ...place].join('.'), schema, wire, faults)
    if (faults.length > 0) throw new ResponseInvalidError(route, faults)
    return writerOf(schema)(checked)
  } catch (error) {
    if (error instanceof NotWireError) throw new ResponseInvalidError(route, [error.fault])
    throw error
  }
}

function writerOf(schema: StandardSchema): JsonWriter {
  let writer = writers.get(schema)
  if (!writer) {
    writer = jsonWriterOf(schema)
    writers.set(schema, writer)
  }
  return writer
}
