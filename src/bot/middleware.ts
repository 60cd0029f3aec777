/** @module What every update passes through on its way to its handler. */
import { BotNextError } from './errors.ts'
import type { IncomingUpdate } from './incoming/incoming-update.ts'

/**
 * Stands around handlers, inside the unit of work of the update. The application lists its classes in `middleware` of
 * `config/bot.ts`, the first one outermost; the container makes one for each update.
 *
 * @example
 * ```ts
 * import type { BotMiddleware, IncomingUpdate } from 'limber/bot'
 *
 * export class OnlyWorkdays implements BotMiddleware {
 *   async handle(incoming: IncomingUpdate, next: () => Promise<void>) {
 *     if (new Date().getDay() % 6 !== 0) await next()
 *   }
 * }
 * ```
 */
export interface BotMiddleware {
  /** @param next goes on to the handler. Where it is not called, the update is handled by what this did. */
  handle(incoming: IncomingUpdate, next: () => Promise<void>): void | Promise<void>
}

/**
 * Runs an update through a stack, the first one outermost. What fails behind one of them fails the update, also when that one
 * has caught it: what the handler had written by then is not committed. Another error may be thrown in its place.
 *
 * @param last what stands behind all of them
 * @throws {BotNextError} when one of them called `next` twice, or when it was over
 */
export async function runMiddleware(
  stack: readonly BotMiddleware[],
  incoming: IncomingUpdate,
  last: () => Promise<void>,
): Promise<void> {
  const [first, ...rest] = stack
  if (!first) return last()
  let inner: Promise<void> | undefined
  let isOver = false
  const next = () => {
    if (isOver) throw new BotNextError(first.constructor.name, 'when it was over')
    if (inner) throw new BotNextError(first.constructor.name, 'twice')
    inner = runMiddleware(rest, incoming, last)
    // It is awaited below, by then perhaps too late for Node.
    inner.catch(() => undefined)
    return inner
  }
  try {
    await first.handle(incoming, next)
  } finally {
    isOver = true
    // The unit of work must not end under what still runs.
    await Promise.allSettled([inner])
  }
  await inner
}
