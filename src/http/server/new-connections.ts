/** @module Connections that are open and have sent no request yet: whoever opened one is about to. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export class NewConnections {
  readonly #sockets = new Set<Socket>()
  #whenNone: (() => void) | undefined

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.forget(socket))
    })
    server.on('request', ({ socket }) => this.forget(socket))
    // Only where somebody takes upgrades: with a first listener Node would no longer answer them as requests.
    if (server.listenerCount('upgrade') > 0) server.on('upgrade', ({ socket }) => this.forget(socket))
  }

  /** Waits until each has sent its request or is gone, but no longer than this. */
  async settle(ms: number): Promise<void> {
    if (this.#sockets.size === 0 || ms <= 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#whenNone = resolve
    const timer = setTimeout(resolve, ms)
    await promise
    clearTimeout(timer)
  }

  /** Notes that a connection has sent its request. */
  forget(socket: Socket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size === 0) this.#whenNone?.()
  }
}
