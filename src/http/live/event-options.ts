/** @module What a route of events says besides its path and its handler, and what its handler is given. */
import type { Constructor } from '../../support/class-of.ts'
import type { HttpContext } from '../requests/http-context.ts'
import type { Known } from '../routing/route-options.ts'
import type { Sendable } from '../schemas/sendable.ts'
import type { InputOf, StandardSchema } from '../schemas/standard-schema.ts'
import type { LiveOptions } from './live-options.ts'
import type { ServerEvent } from './server-event.ts'

export interface EventOptions extends LiveOptions {
  /**
   * Describes the data of each event, after `toJSON`. Fields that it does not name never leave, and data that does not fit
   * breaks the reply off.
   */
  readonly event?: StandardSchema
  /** How often a comment is sent while there is nothing to say, in milliseconds; default: 15,000. */
  readonly heartbeat?: number
  /** After how many milliseconds a client connects again; default: what the client does, often 3,000. */
  readonly retry?: number
}

/**
 * Carries the request of a client that listens to events. It is typed by the options of the route.
 *
 * @example
 * ```ts
 * import type { EventContext } from 'limber/http'
 * import { setTimeout } from 'node:timers/promises'
 *
 * export class ClockController {
 *   async *ticks({ signal, lastEventId }: EventContext) {
 *     for (let n = Number(lastEventId ?? 0) + 1; ; n++) {
 *       yield { id: n, data: new Date() }
 *       await setTimeout(1_000, undefined, { signal })
 *     }
 *   }
 * }
 * ```
 */
export type EventContext<S extends StandardSchema | EventOptions = EventOptions> = HttpContext<S> & {
  /** The id of the last event that the client has seen, when it connects again. */
  readonly lastEventId: string | undefined
  /** Aborted when the client goes or the server stops: give it to whatever the handler waits with. */
  readonly signal: AbortSignal
}

type EventOf<S> = S extends { readonly event: infer E extends StandardSchema }
  ? ServerEvent<Sendable<InputOf<E>>>
  : ServerEvent

type Events<S> = AsyncIterable<EventOf<S>> | Iterable<EventOf<S>> | undefined

/** Whether a handler fits the options: it takes their input, and gives their events. */
type EventHandler<S extends EventOptions> = (context: EventContext<S>) => Events<S> | Promise<Events<S>>

/** Adds a route of server-sent events. A handler or an event that does not fit the schemas does not compile. */
export interface AddEventRoute {
  <S extends EventOptions = EventOptions>(
    path: string,
    handler: EventHandler<NoInfer<S>>,
    options?: S & Known<S, EventOptions>,
  ): void
  <const Name extends string, S extends EventOptions = EventOptions>(
    path: string,
    handler: readonly [
      controller: Constructor<Record<NoInfer<Name>, EventHandler<NoInfer<S>>>>,
      method: Name,
    ],
    options?: S & Known<S, EventOptions>,
  ): void
}
