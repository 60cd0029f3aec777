/** @module Things to end in reverse order of their making; every one is tried, all errors are gathered. */
import { attemptAll, throwAll } from '../errors/attempt-all.ts'

type End = () => unknown

export class Disposables {
  #ends: End[] = []

  /** Adds a service with its own dispose function, or with whichever dispose method it has. */
  add(service: unknown, dispose?: (service: never) => unknown): void {
    // The pair was type-checked where the service was bound.
    const end = dispose ? () => dispose(service as never) : ownDispose(service)
    if (end) this.#ends.push(end)
  }

  /** @throws {AggregateError} when more than one end failed; a single failure is thrown as it is */
  async dispose(): Promise<void> {
    const ends = this.#ends.reverse()
    this.#ends = []
    const errors = await attemptAll(ends)
    throwAll(errors, `${errors.length} services failed to end.`)
  }
}

function ownDispose(service: unknown): End | undefined {
  if ((typeof service !== 'object' && typeof service !== 'function') || service === null) return undefined
  if (Symbol.asyncDispose in service) {
    const { [Symbol.asyncDispose]: end } = service
    if (typeof end === 'function') return () => end.call(service)
  }
  if (Symbol.dispose in service) {
    const { [Symbol.dispose]: end } = service
    if (typeof end === 'function') return () => end.call(service)
  }
  return undefined
}
