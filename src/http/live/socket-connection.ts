/** @module The life of one WebSocket: messages in order, an end for each, and an end for all. */
import type { LimberError } from '../../errors/limber-error.ts'
import { isOpenTo, problemOf } from '../problems/problem.ts'
import { UnexpectedError } from '../problems/request-errors.ts'
import { statusOf } from '../problems/status-of.ts'
import { toLimberError } from '../problems/to-limber-error.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { Lifetime } from './lifetime.ts'
import type { LiveFacts } from './live-route.ts'
import type { MessageFacts } from './message-scopes.ts'
import { Pulse } from './pulse.ts'
import { readMessage } from './read-message.ts'
import { Socket } from './socket.ts'
import type { Closing } from './socket-handlers.ts'
import type { CheckedHandlers, SocketRoute } from './socket-route.ts'
import { TaskQueue } from './task-queue.ts'
import type { WireSocket } from './wire-socket.ts'

export const MAX_PAYLOAD = 1_048_576
const MAX_QUEUED = 16
const HEARTBEAT = 30_000

export class SocketConnection {
  readonly #route: SocketRoute
  readonly #wire: WireSocket
  readonly #live: LiveFacts
  readonly #origin: object
  readonly #lifetime: Lifetime
  readonly #socket: Socket
  readonly #queue: TaskQueue
  readonly #pulse: Pulse
  #count = 0
  /** Whether messages are still taken: not when the server stops. */
  #isTaking = true
  /** Whether nothing is left to do for it: it could not be opened, or has been cut. */
  #isOver = false

  constructor(route: SocketRoute, wire: WireSocket, context: HttpContext, live: LiveFacts) {
    const { maxQueued = MAX_QUEUED, heartbeat = HEARTBEAT } = route.options
    this.#route = route
    this.#wire = wire
    this.#live = live
    this.#origin = context.response.raw
    this.#lifetime = new Lifetime(live.messages.stopping)
    this.#socket = new Socket(route, wire, context, this.#lifetime)
    this.#queue = new TaskQueue(maxQueued, { close: () => wire.pause(), open: () => wire.resume() })
    this.#pulse = new Pulse(wire, heartbeat)
  }

  serve(): void {
    const work = { kind: 'socket', route: this.#route.path, requestId: this.#socket.id } as const
    this.#live.messages.hold(this, work, () => this.#cut())
    this.#wire.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#wire.on('close', (code, reason) => this.#end({ code, reason: reason.toString() }))
    this.#queue.add(() => this.#open())
    const { signal } = this.#lifetime
    if (signal.aborted) void this.#leave()
    else signal.addEventListener('abort', () => void this.#leave(), { once: true })
  }

  async #open(): Promise<void> {
    try {
      await this.#run('open', 0, async () => [this.#socket])
    } catch (error) {
      this.#isOver = true
      const known = this.#fail(error, 0)
      this.#wire.close(statusOf(known) >= 500 ? 1011 : 1008, known.code)
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (!this.#isTaking) return
    const { message, maxPayload = MAX_PAYLOAD } = this.#route.options
    // The server reads as much as the route with the largest messages allows.
    if (data.byteLength > maxPayload) {
      this.#isTaking = false
      this.#wire.close(1009, `More than ${maxPayload} bytes.`)
      return
    }
    const number = ++this.#count
    this.#queue.add(async () => {
      if (this.#isOver) return
      try {
        const answer = await this.#run('message', number, async () => {
          return [await readMessage(data, isBinary, message), this.#socket]
        })
        if (answer !== undefined) this.#socket.transmit(answer)
      } catch (error) {
        this.#fail(error, number)
      }
    })
  }

  /** Calls a handler in a scope of its own; what is sent for its result is made before the commit. */
  #run(
    name: keyof CheckedHandlers,
    number: number,
    read: () => Promise<readonly unknown[]>,
  ): Promise<string | Uint8Array | undefined> {
    const { path, options } = this.#route
    const { autoCommit, readOnly = false } = options
    const scope = {
      kind: name === 'message' ? 'message' : `socket ${name}`,
      label: path,
      origin: this.#origin,
      autoCommit,
      readOnly,
    }
    return this.#live.messages.run(
      scope,
      this.#facts(number),
      async () => this.#route.call(this.#live.app, name, await read()),
      (result) => (name === 'message' && result !== undefined ? this.#socket.encode(result) : undefined),
    )
  }

  /** Tells the log what the client must not see, and the client what it may. */
  #fail(error: unknown, number: number): LimberError {
    const known = toLimberError(error)
    if (this.#lifetime.explains(error)) return known
    if (statusOf(known) >= 500) {
      const cause = known instanceof UnexpectedError ? known.cause : known
      this.#live.messages.report(cause, this.#facts(number))
    }
    const problem = {
      ...problemOf(known, this.#socket.id, isOpenTo(this.#live.app)),
      ...(number > 0 && { message: number }),
    }
    this.#socket.transmit(JSON.stringify({ error: problem }))
    return known
  }

  /** The server stops, or the client has gone: what was received is finished, and then it is over. */
  async #leave(): Promise<void> {
    this.#isTaking = false
    await this.#queue.idle()
    this.#wire.close(1001, 'The server is stopping.')
  }

  #end(closing: Closing): void {
    this.#pulse.stop()
    this.#queue.add(async () => {
      try {
        if (!this.#isOver) await this.#run('close', this.#count, async () => [this.#socket, closing])
      } catch (error) {
        if (!this.#lifetime.explains(error)) this.#live.messages.report(error, this.#facts(this.#count))
      } finally {
        this.#live.messages.release(this)
      }
    })
    this.#lifetime.end()
  }

  #cut(): void {
    this.#isOver = true
    this.#wire.terminate()
  }

  #facts(number: number): MessageFacts & { readonly message: number } {
    return { requestId: this.#socket.id, route: `WS ${this.#route.path}`, message: number }
  }
}
