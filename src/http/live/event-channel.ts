/** @module Hands what somebody publishes to everybody who listens, within this process. */
import type { ProcessMemory } from '../../application/ports/process-memory.ts'
import { SubscriberTooSlowError } from './errors.ts'

export interface ChannelOptions {
  /** How many values wait for one subscriber; with more, its subscription fails. Default: 100. */
  readonly capacity?: number
}

/**
 * Passes values from one part of an application to the open connections of others. It is kept in the memory of one process:
 * bind it as a singleton and tag that `process memory`, so that several processes are warned of.
 *
 * A subscriber that is too slow is not skipped in silence: its subscription fails with a `SubscriberTooSlowError`, its
 * stream breaks off, and its client connects again with the id of the last event it has seen.
 *
 * @example
 * ```ts
 * import { ServiceProvider } from 'limber'
 * import { EventChannel } from 'limber/http'
 *
 * export class NewsServiceProvider extends ServiceProvider {
 *   override register() {
 *     this.app.singleton('news', () => new EventChannel<{ title: string }>('news'))
 *     this.app.tag('process memory', 'news')
 *   }
 * }
 * declare module 'limber' { interface Services { news: EventChannel<{ title: string }> } }
 * ```
 */
export class EventChannel<T> implements ProcessMemory {
  readonly name: string
  readonly hint = 'Let the processes tell each other, by Redis or a database, and publish what they hear.'
  readonly #capacity: number
  readonly #subscribers = new Set<Subscription<T>>()

  constructor(name: string, { capacity = 100 }: ChannelOptions = {}) {
    this.name = `the channel "${name}"`
    this.#capacity = capacity
  }

  /** How many listen. */
  get size(): number {
    return this.#subscribers.size
  }

  /** Hands a value to everybody who listens now. Inside a unit of work, call it in `afterCommit`. */
  publish(value: T): void {
    for (const subscriber of this.#subscribers) subscriber.take(value)
  }

  /**
   * Listens from now on, until whoever iterates stops or the signal is aborted.
   *
   * Iterating throws a `SubscriberTooSlowError` when more values wait than the capacity.
   */
  subscribe(signal?: AbortSignal): AsyncIterableIterator<T> {
    const subscription = new Subscription<T>(this.name, this.#capacity, () => {
      this.#subscribers.delete(subscription)
      signal?.removeEventListener('abort', end)
    })
    const end = () => subscription.end()
    if (signal?.aborted) end()
    else {
      this.#subscribers.add(subscription)
      signal?.addEventListener('abort', end)
    }
    return subscription
  }
}

class Subscription<T> implements AsyncIterableIterator<T> {
  readonly #channel: string
  readonly #capacity: number
  readonly #onEnd: () => void
  readonly #values: IteratorResult<T>[] = []
  /** Whoever asked for a value before there was one, the first one first. */
  readonly #waiting: PromiseWithResolvers<IteratorResult<T>>[] = []
  #isOver = false
  #failure: SubscriberTooSlowError | undefined

  constructor(channel: string, capacity: number, onEnd: () => void) {
    this.#channel = channel
    this.#capacity = capacity
    this.#onEnd = onEnd
  }

  take(value: T): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting.resolve({ done: false, value })
    else if (this.#values.length < this.#capacity) this.#values.push({ done: false, value })
    else {
      this.#failure = new SubscriberTooSlowError(this.#channel, this.#capacity)
      this.end()
    }
  }

  end(): void {
    this.#isOver = true
    this.#onEnd()
    for (const waiting of this.#waiting.splice(0)) waiting.resolve({ done: true, value: undefined })
  }

  async next(): Promise<IteratorResult<T>> {
    const next = this.#values.shift()
    if (next) return next
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure
    if (this.#isOver) return { done: true, value: undefined }
    const waiting = Promise.withResolvers<IteratorResult<T>>()
    this.#waiting.push(waiting)
    return waiting.promise
  }

  async return(): Promise<IteratorResult<T>> {
    this.#values.length = 0
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
