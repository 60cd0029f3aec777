/** @module The reply of a route of events: what goes over the wire, with a comment now and then when there is nothing to say. */
import { Readable } from 'node:stream'
import type { EventSteps } from './event-steps.ts'
import type { Lifetime } from './lifetime.ts'
import type { MessageScopes } from './message-scopes.ts'

export interface EventStreamSettings {
  readonly retry: number | undefined
  /** In milliseconds. */
  readonly heartbeat: number
}

export class EventStream extends Readable {
  readonly #steps: EventSteps
  readonly #messages: MessageScopes
  readonly #lifetime: Lifetime
  readonly #timer: NodeJS.Timeout
  #isPulling = false
  #isFinished = false

  constructor(steps: EventSteps, messages: MessageScopes, lifetime: Lifetime, settings: EventStreamSettings) {
    // The next event is made when the client has taken the last one, not ahead.
    super({ highWaterMark: 0 })
    this.#steps = steps
    this.#messages = messages
    this.#lifetime = lifetime
    this.#timer = setInterval(() => this.#beat(), settings.heartbeat).unref()
    messages.hold(this, { kind: 'stream', route: steps.path, requestId: steps.facts.requestId }, () =>
      this.destroy(),
    )
    // Sent at once, so that a client knows that it is connected before anything happens.
    this.push(settings.retry === undefined ? ':\n\n' : `retry: ${settings.retry}\n\n`)
    if (lifetime.signal.aborted) this.#finish()
    else lifetime.signal.addEventListener('abort', () => this.#finish(), { once: true })
  }

  override _read(): void {
    if (!this.#isPulling) void this.#pull()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#timer)
    this.#lifetime.end()
    done(error)
    void this.#cleanUp()
  }

  async #pull(): Promise<void> {
    this.#isPulling = true
    try {
      const event = await this.#steps.next()
      this.#isPulling = false
      if (event === undefined) this.#finish()
      else if (this.#isOpen) this.push(event)
    } catch (error) {
      if (this.#lifetime.explains(error)) return
      const { facts } = this.#steps
      this.#messages.report(error, facts)
      // An incomplete reply: the client connects again, and says where it was.
      this.destroy()
    }
  }

  /** Ends the reply as a whole one, also when the handler is still waiting for something. */
  #finish(): void {
    if (!this.#isOpen) return
    this.#isFinished = true
    this.push(null)
  }

  /** Not for a client that has not taken what was sent before. */
  #beat(): void {
    if (this.#isOpen && this.readableLength === 0) this.push(':\n\n')
  }

  get #isOpen(): boolean {
    return !this.destroyed && !this.#isFinished
  }

  async #cleanUp(): Promise<void> {
    try {
      await this.#steps.end()
    } catch (error) {
      if (!this.#lifetime.explains(error)) this.#messages.report(error, this.#steps.facts)
    } finally {
      this.#messages.release(this)
    }
  }
}
