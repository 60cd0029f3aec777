/** @module Where shared services are kept and how they end: singletons in a container, scoped ones in a scope. */
import type { LimberError } from '../errors/limber-error.ts'
import type { Binding } from './binding.ts'
import { type End, endAll, endOf } from './ending.ts'
import type { Making } from './making.ts'
import type { ServiceKey } from './services.ts'

/** A shared service: there, or on its way. */
export interface Made {
  value: unknown
  pending: Promise<unknown> | undefined
  /** The making, while it goes on. */
  making: Making | undefined
}

interface OwnedEnd {
  readonly binding: Binding
  readonly end: End
}

export abstract class Shelf {
  #services: Map<Binding, Made> | undefined
  #ends: OwnedEnd[] | undefined
  #isClosed = false

  /** What to say to whoever asks after the end. */
  protected abstract refusal(key: ServiceKey): LimberError

  get isClosed(): boolean {
    return this.#isClosed
  }

  find(binding: Binding): Made | undefined {
    if (this.#isClosed) throw this.refusal(binding.key)
    return this.#services?.get(binding)
  }

  keep(binding: Binding, made: Made): void {
    this.#services ??= new Map()
    this.#services.set(binding, made)
  }

  forget(binding: Binding): void {
    this.#services?.delete(binding)
  }

  /** Ends a service together with this shelf. */
  endLater(binding: Binding, service: unknown, dispose?: (service: unknown) => unknown): void {
    const end = endOf(service, dispose)
    if (!end) return
    this.#ends ??= []
    this.#ends.push({ binding, end })
  }

  /** Forgets the services of these bindings and disposes them, newest first. */
  async release(bindings: ReadonlySet<Binding>): Promise<void> {
    const { due = [], rest = [] } = Object.groupBy(this.#ends ?? [], ({ binding }) =>
      bindings.has(binding) ? 'due' : 'rest',
    )
    this.#ends = rest
    for (const binding of bindings) this.#services?.delete(binding)
    await endAll(due.map(({ end }) => end))
  }

  /** Ends a service that became ready too late, and refuses it. */
  async refuseLate(binding: Binding, service: unknown): Promise<never> {
    await endOf(service, binding.dispose)?.()
    throw this.refusal(binding.key)
  }

  /** Disposes what was made, newest first. A second call does nothing. */
  async dispose(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#services = undefined
    const ends = this.#ends ?? []
    this.#ends = undefined
    if (ends.length > 0) await endAll(ends.map(({ end }) => end))
  }
}
