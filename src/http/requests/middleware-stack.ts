/** @module Runs the middleware of a route around its handler, the first one outermost. */
import { Readable } from 'node:stream'
import { NextCalledTwiceError, NextNotAwaitedError } from './errors.ts'
import type { MiddlewareClass, Next } from './middleware.ts'
import type { RequestFacts } from './request-facts.ts'

export async function throughMiddleware(
  stack: readonly MiddlewareClass[],
  facts: RequestFacts,
  handle: Next,
): Promise<unknown> {
  const [type, ...inner] = stack
  if (!type) return handle()
  let rest: Promise<unknown> | undefined
  let isPending = false
  let hasReturned = false
  const next = () => {
    if (rest) throw new NextCalledTwiceError(type.name)
    if (hasReturned) throw new NextNotAwaitedError(type.name)
    isPending = true
    rest = throughMiddleware(inner, facts, handle).finally(() => {
      isPending = false
    })
    return rest
  }
  try {
    const result = await facts.app.make(type).handle(facts, next)
    hasReturned = true
    // What it does from here on would come after the commit, and its error would have nobody who hears it.
    if (isPending) throw new NextNotAwaitedError(type.name)
    return result
  } catch (error) {
    hasReturned = true
    rest?.then(closeUnread, () => undefined)
    throw error
  }
}

/** A stream that the handler gave and nobody sends would keep its file or its connection open. */
function closeUnread(result: unknown): void {
  if (result instanceof Readable) result.destroy()
}
