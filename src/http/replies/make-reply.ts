/** @module From the result of a handler to the bytes of the reply, before anything is committed. */
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import type { Route } from '../routing/route.ts'
import { ResponseInvalidError } from './errors.ts'
import type { HttpResponse, Payload } from './http-response.ts'
import { isByteStream, isItems, streamItems } from './item-stream.ts'
import { jsonOf } from './json-of.ts'

export interface MadeReply {
  readonly status: number
  readonly payload: Payload
}

/**
 * Validates and serialises a result. Bytes and streams of them go out as they are, a text without a response schema as
 * text, iterables and generators item by item, everything else as JSON. A refusal is not what the schemas describe, so it is
 * not held against them.
 *
 * @throws {ResponseInvalidError} when the result does not fit the response schema, or JSON
 */
export async function makeReply(route: Route, result: unknown, response: HttpResponse): Promise<MadeReply> {
  const status = response.chosenStatus ?? route.options.status
  const schemas = response.isRefusal ? {} : route.options
  if (isByteStream(result)) {
    if (schemas.response || schemas.stream) throw unchecked(route, 'It is a stream of bytes')
    return { status: status ?? 200, payload: result }
  }
  if (isItems(result, schemas.stream !== undefined)) {
    if (schemas.response && !schemas.stream) throw unchecked(route, 'It is a stream of items')
    if (!response.has('content-type')) response.header('content-type', 'application/x-ndjson; charset=utf-8')
    return { status: status ?? 200, payload: streamItems(route, result) }
  }
  const schema = schemas.response
  if (schemas.stream && !schema) throw unchecked(route, 'It is no iterable')
  if (!schema && result instanceof Uint8Array) return { status: status ?? 200, payload: result }
  if (!schema && typeof result === 'string') return { status: status ?? 200, payload: result }

  const json = await jsonOf(route, result, schema)
  if (json === undefined) return { status: status ?? 204, payload: undefined }
  if (!response.has('content-type')) response.header('content-type', 'application/json; charset=utf-8')
  return { status: status ?? 200, payload: json }
}

export function isStream(value: unknown): value is Readable | ReadableStream {
  return value instanceof Readable || value instanceof ReadableStream
}

/** What went out like this would pass by the schema, which is there to hold it back. */
function unchecked(route: Route, what: string): ResponseInvalidError {
  const schemas = route.options.stream ? '"stream" describes items' : '"response" describes one value'
  return new ResponseInvalidError(route, [{ path: 'result', message: `${what}, and ${schemas}.` }])
}
