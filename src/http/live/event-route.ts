/** @module A route that answers with server-sent events: its handler runs once, and gives them one by one. */
import type { FastifyReply } from 'fastify'
import { ResponseInvalidError } from '../replies/errors.ts'
import { type Items, isItems } from '../replies/item-stream.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { checkLimits } from '../routing/check-limits.ts'
import type { RouteHandler } from '../routing/handler.ts'
import type { EventOptions } from './event-options.ts'
import { EventSteps } from './event-steps.ts'
import { EventStream } from './event-stream.ts'
import { Lifetime } from './lifetime.ts'
import { type LiveFacts, LiveRoute } from './live-route.ts'

const HEARTBEAT = 15_000

export class EventRoute extends LiveRoute {
  declare readonly options: EventOptions

  constructor(path: string, handler: RouteHandler, options: EventOptions) {
    super('GET', path, handler, options)
    checkLimits(this, { heartbeat: options.heartbeat })
  }

  override get verb(): string {
    return 'SSE'
  }

  override async begin(context: HttpContext, { app, messages }: LiveFacts): Promise<unknown> {
    const { request, response } = context
    const lifetime = new Lifetime(messages.stopping)
    const { raw } = response.raw
    raw.once('close', () => lifetime.end())
    const { signal } = lifetime
    const lastEventId = lastEventIdOf(request)
    const events = await this.invoke(app, Object.assign(context, { signal, lastEventId }))
    // No events: a refusal, or the 204 that tells a client not to connect again.
    if (events === undefined || response.isRefusal) return events
    if (!isItems(events, true)) throw this.#noEvents()
    response.header('content-type', 'text/event-stream; charset=utf-8')
    response.header('cache-control', 'no-cache')
    response.header('x-accel-buffering', 'no')
    const stream = this.#streamOf(events, messages, lifetime, response.raw)
    // Also when something around the handler has answered with anything else, and nobody reads it.
    raw.once('close', () => stream.destroy())
    return stream
  }

  #streamOf(
    events: Items,
    messages: LiveFacts['messages'],
    lifetime: Lifetime,
    reply: FastifyReply,
  ): EventStream {
    const { retry, heartbeat = HEARTBEAT } = this.options
    const steps = new EventSteps(this, events, messages, reply)
    return new EventStream(steps, messages, lifetime, { retry, heartbeat })
  }

  #noEvents(): ResponseInvalidError {
    return new ResponseInvalidError(this, [{ path: 'result', message: 'It is no iterable of events.' }])
  }
}

/** Sent in UTF-8, where Node takes the bytes of headers for letters. */
function lastEventIdOf({ headers }: HttpContext['request']): string | undefined {
  const id = headers['last-event-id']
  return id === undefined ? undefined : Buffer.from(String(id), 'latin1').toString()
}
