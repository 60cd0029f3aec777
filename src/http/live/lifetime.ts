/** @module How long a connection lives: until its client goes or the server stops, whichever comes first. */
import { ServerStoppingError } from '../problems/request-errors.ts'

export class Lifetime {
  readonly #controller = new AbortController()
  readonly #stopping: AbortSignal
  readonly #end = () => this.end()

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping
    if (stopping.aborted) this.end()
    else stopping.addEventListener('abort', this.#end)
  }

  /** Aborted at the end of the connection. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  end(): void {
    this.#stopping.removeEventListener('abort', this.#end)
    this.#controller.abort()
  }

  /** Whether an error only says that it is over: somebody has listened to the signal, or had no more time. */
  explains(error: unknown): boolean {
    if (error instanceof ServerStoppingError) return true
    return this.signal.aborted && error instanceof Error && error.name === 'AbortError'
  }
}
