/** @module From the result of a handler to the bytes of the reply, before anything is committed. */
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import type { Fault } from '../errors/limber-error.ts'
import { ResponseInvalidError } from './errors.ts'
import type { HttpResponse, Payload } from './http-response.ts'
import type { Route } from './route.ts'
import { NotWireError, toWire } from './to-wire.ts'
import { validate } from './validate.ts'

export interface MadeReply {
  readonly status: number
  readonly payload: Payload
}

/**
 * Validates and serialises a result. Streams and bytes go out as they are, a text without a response schema as text,
 * everything else as JSON. A refusal is not what the response schema describes, so it is not held against it.
 *
 * @throws {ResponseInvalidError} when the result does not fit the response schema, or JSON
 */
export async function makeReply(route: Route, result: unknown, response: HttpResponse): Promise<MadeReply> {
  const status = response.chosenStatus ?? route.schemas.status
  if (isStream(result)) return { status: status ?? 200, payload: result }
  const schema = response.isRefusal ? undefined : route.schemas.response
  if (!schema && result instanceof Uint8Array) return { status: status ?? 200, payload: result }
  if (!schema && typeof result === 'string') return { status: status ?? 200, payload: result }

  const wire = await wireOf(route, result, schema)
  if (wire === undefined) return { status: status ?? 204, payload: undefined }
  if (!response.has('content-type')) response.header('content-type', 'application/json; charset=utf-8')
  return { status: status ?? 200, payload: JSON.stringify(wire) }
}

export function isStream(value: unknown): value is Readable | ReadableStream {
  return value instanceof Readable || value instanceof ReadableStream
}

async function wireOf(route: Route, result: unknown, schema: Route['schemas']['response']): Promise<unknown> {
  try {
    const wire = toWire(result)
    if (!schema) return wire
    const faults: Fault[] = []
    const checked = await validate('result', schema, wire, faults)
    if (faults.length > 0) throw new ResponseInvalidError(route, faults)
    // Once more, since a schema may make dates and large integers of its own.
    return toWire(checked)
  } catch (error) {
    if (error instanceof NotWireError) throw new ResponseInvalidError(route, [error.fault])
    throw error
  }
}
