/** @module The services of one scope: made on first use, the same for all who ask, disposed newest first. */
import type { Binding } from './binding.ts'
import { Disposables } from './disposables.ts'
import { ScopeClosedError } from './errors.ts'

export class ServiceScope {
  /** The container whose scoped services live here. */
  readonly container: object
  /** The scope that was open where this one was opened: services of another container are looked up there. */
  readonly outer: ServiceScope | undefined
  #services: Map<Binding, unknown> | undefined
  #disposables: Disposables | undefined
  #closed = false

  constructor(container: object, outer?: ServiceScope) {
    this.container = container
    this.outer = outer
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Gives what the binding made in this scope, or undefined. */
  find(binding: Binding): unknown {
    if (this.#closed) throw new ScopeClosedError(binding.key)
    return this.#services?.get(binding)
  }

  keep(binding: Binding, service: unknown): void {
    this.#services ??= new Map()
    this.#services.set(binding, service)
  }

  forget(binding: Binding): void {
    this.#services?.delete(binding)
  }

  onDispose(service: unknown, dispose?: (service: unknown) => unknown): void {
    this.#disposables ??= new Disposables()
    this.#disposables.add(service, dispose)
  }

  /** Disposes what was made here, newest first. A second call does nothing. */
  async dispose(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#services = undefined
    await this.#disposables?.dispose()
  }
}
