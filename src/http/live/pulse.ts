/** @module Asks a client now and then whether it is still there, and cuts it when it does not answer. */
import type { WireSocket } from './wire-socket.ts'

export class Pulse {
  readonly #wire: WireSocket
  readonly #timer: NodeJS.Timeout
  #isThere = true

  constructor(wire: WireSocket, interval: number) {
    this.#wire = wire
    this.#timer = setInterval(() => this.#beat(), interval).unref()
    const answered = () => {
      this.#isThere = true
    }
    wire.on('pong', answered)
    wire.on('message', answered)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    // Whose answer is not read cannot be blamed for it.
    if (this.#wire.isPaused) return
    if (this.#isThere) this.#wire.ping()
    else this.#wire.terminate()
    this.#isThere = false
  }
}
