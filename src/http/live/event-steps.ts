/** @module The events of one connection, made one by one: each in a scope of its own, and committed before it is sent. */
import type { FastifyReply } from 'fastify'
import type { Items } from '../replies/item-stream.ts'
import type { Route } from '../routing/route.ts'
import type { EventOptions } from './event-options.ts'
import type { MessageFacts, MessageScopes } from './message-scopes.ts'
import { formatEvent } from './server-event.ts'

type RouteOfEvents = Route & { readonly options: EventOptions }

export class EventSteps {
  readonly #route: RouteOfEvents
  readonly #messages: MessageScopes
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>
  readonly #reply: FastifyReply
  #index = 0
  #step: Promise<string | undefined> = Promise.resolve('')
  #isOver = false

  constructor(route: RouteOfEvents, events: Items, messages: MessageScopes, reply: FastifyReply) {
    this.#route = route
    this.#messages = messages
    this.#iterator =
      Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]()
    this.#reply = reply
  }

  /** The path of the route. */
  get path(): string {
    return this.#route.path
  }

  /** What names the event that is being made, in the log. */
  get facts(): MessageFacts & { readonly event: number } {
    return {
      requestId: this.#reply.request.id,
      route: `${this.#route.verb} ${this.#route.path}`,
      event: this.#index,
    }
  }

  /** The next event as it is sent; undefined after the last one. */
  next(): Promise<string | undefined> {
    this.#step = this.#inScope(
      () => this.#advance(),
      (result) => (result.done ? undefined : this.#format(result.value)),
    ).then((event) => {
      this.#index++
      return event
    })
    return this.#step
  }

  /** Lets the handler clean up, when it is not at its end. */
  async end(): Promise<void> {
    // A generator takes this only between two steps. What else is iterated may be waiting for nothing but this.
    if (isGenerator(this.#iterator)) await this.#step.catch(() => undefined)
    if (this.#isOver) return
    this.#isOver = true
    const end = async () => this.#iterator.return?.()
    await this.#inScope(end, () => undefined)
  }

  async #advance(): Promise<IteratorResult<unknown>> {
    try {
      const result = await this.#iterator.next()
      if (result.done) this.#isOver = true
      return result
    } catch (error) {
      this.#isOver = true
      throw error
    }
  }

  #format(event: unknown): Promise<string> {
    return formatEvent(this.#route, event, this.#index, this.#route.options.event)
  }

  #inScope<T, Text>(work: () => Promise<T>, write: (result: T) => Text | Promise<Text>): Promise<Text> {
    const { path, options } = this.#route
    const { autoCommit, readOnly = false } = options
    const scope = { kind: 'event', label: path, origin: this.#reply, autoCommit, readOnly }
    return this.#messages.run(scope, this.facts, work, write)
  }
}

function isGenerator(iterator: object): boolean {
  return Object.prototype.toString.call(iterator) === '[object AsyncGenerator]'
}
