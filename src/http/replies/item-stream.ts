/** @module Streams of items: each becomes a line of JSON when the client has room for it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import type { Route } from '../routing/route.ts'
import { jsonOf } from './json-of.ts'

export type Items = AsyncIterable<unknown> | Iterable<unknown>

/**
 * Whether a result is sent item by item: generators, whatever is iterated asynchronously, and streams of objects.
 *
 * @param isWanted whether the route says so: then a list is, which is JSON otherwise
 */
export function isItems(result: unknown, isWanted: boolean): result is Items {
  if (typeof result !== 'object' || result === null || isByteStream(result)) return false
  return Symbol.asyncIterator in result || isGenerator(result) || (isWanted && Symbol.iterator in result)
}

/** A stream whose chunks are parts of something, and mean nothing by themselves. */
export function isByteStream(value: unknown): value is Readable | ReadableStream {
  if (value instanceof Readable) return !value.readableObjectMode
  return value instanceof ReadableStream
}

/** An item that does not fit breaks the stream off: the status has gone. */
export function streamItems(route: Route, items: Items): Readable {
  return Readable.from(inThisContext(linesOf(route, items)), { objectMode: false })
}

async function* linesOf(route: Route, items: Items): AsyncGenerator<string | Uint8Array> {
  const schema = route.options.stream
  let index = 0
  for await (const item of items) {
    if (!schema && (typeof item === 'string' || item instanceof Uint8Array)) yield item
    else yield `${(await jsonOf(route, item, schema, [String(index)])) ?? 'null'}\n`
    index++
  }
}

/** Takes every step where the result was made: the socket that asks for the next one knows nothing of a scope. */
function inThisContext<T>(source: AsyncGenerator<T>): AsyncIterable<T> {
  const enter = AsyncLocalStorage.snapshot()
  const iterator: AsyncIterator<T> = {
    next: () => enter(() => source.next()),
    return: () => enter(() => source.return(undefined)),
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

function isGenerator(value: object): value is Generator {
  return Object.prototype.toString.call(value) === '[object Generator]'
}
